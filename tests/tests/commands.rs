//! What an organiser meets besides good and bad packages: databases that cannot be used, folders that
//! cannot be written, an output that nobody reads; each in plain words, in either language.
#![expect(clippy::unwrap_used, reason = "a helper that fails ends its test")]

use std::io::Read as _;
use std::path::Path;
use std::process::Stdio;

use tests::export::{export, import};
use tests::folder::{files_below, put};
use tests::{PackageBuilder, Said, TemporaryFolder, TestDatabase, leitai};

fn in_both_languages(arguments: &[&str], folder: &Path) -> [Said; 2] {
    let call = || leitai(arguments.iter().copied()).from_folder(folder);
    [call().in_chinese().run(), call().run()]
}

#[test]
fn a_database_that_cannot_be_used_says_why_and_stays_as_it_is() {
    let folder = TemporaryFolder::new("databases");
    let package = folder.join("package");
    PackageBuilder::small().write(&package);
    put(&folder.join("garbage.db"), [7; 5_000]);
    let foreign = folder.join("foreign.db");
    make_foreign(&foreign);
    let before = files_below(folder.path());
    for (database, chinese, english) in [
        ("garbage.db", "这个文件不是数据库", "this file is no database"),
        ("foreign.db", "是别的程序的数据库", "is another program's database"),
        ("nowhere/x.db", "文件打不开", "its file cannot be opened"),
        ("package", "文件打不开", "its file cannot be opened"),
        ("mysql://x", "不支持“mysql”数据库", "A \"mysql\" database is not supported"),
        ("postgres://leitai@127.0.0.1:1/none", "连接不上", "no connection, check host and port"),
        ("postgres://h:99999/x", "地址写法不对", "its URL is malformed"),
    ] {
        let call = ["package", "import", package.to_str().unwrap(), "--database", database];
        let said = in_both_languages(&call, folder.path()).map(Said::refused);
        assert!(said[0].messages.contains(chinese), "{}", said[0]);
        assert!(said[1].messages.contains(english), "{}", said[1]);
        assert!(said.iter().all(|said| said.output.is_empty() && !said.messages.contains("(os error")));
    }
    assert_eq!(files_below(folder.path()), before);
}

/// Another program's database.
fn make_foreign(path: &Path) {
    let url = format!("sqlite://{}?mode=rwc", path.display());
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        sqlx::any::install_default_drivers();
        let pool = sqlx::AnyPool::connect(&url).await.unwrap();
        sqlx::raw_sql("CREATE TABLE visits (place TEXT)").execute(&pool).await.unwrap();
        pool.close().await;
    });
}

#[test]
fn an_export_of_what_is_not_there_writes_nothing() {
    let (folder, database) = (TemporaryFolder::new("nothing"), TestDatabase::sqlite());
    let call = ["package", "export", "--competition", "X", "out", "--database", "none.db"];
    let said = in_both_languages(&call, folder.path()).map(Said::refused);
    assert!(said[0].messages.contains("没有数据库文件“none.db”"), "{}", said[0]);
    assert!(said[1].messages.contains("There is no database file \"none.db\""), "{}", said[1]);
    let package = folder.join("package");
    PackageBuilder::small().write(&package);
    let id = import(&package, &database);
    let call = ["package", "export", "--competition", "X", "out", "--database", &database.url];
    let said = in_both_languages(&call, folder.path()).map(Said::refused);
    assert!(said[0].messages.contains(&format!("没有编号为“X”的大赛；现有：{id}。")), "{}", said[0]);
    assert!(said[1].messages.contains(&format!("no competition \"X\"; there are: {id}.")), "{}", said[1]);
    assert!(!folder.join("out").exists() && !folder.join("none.db").exists());
}

#[test]
fn an_export_goes_into_an_empty_folder_only() {
    let (folder, database) = (TemporaryFolder::new("full"), TestDatabase::sqlite());
    let (package, full, file) = (folder.join("package"), folder.join("full"), folder.join("file"));
    PackageBuilder::small().write(&package);
    put(&full.join("mine.txt"), "mine");
    put(&file, "mine");
    let id = import(&package, &database);
    for (into, chinese, english) in [
        (&full, "里已有文件", "holds files already"),
        (&file, "写不了", "cannot be written"),
        (&file.join("below"), "写不了", "cannot be written"),
    ] {
        let into = into.to_str().unwrap();
        let call = ["package", "export", "--competition", &id, into, "--database", &database.url];
        let said = in_both_languages(&call, folder.path()).map(Said::refused);
        assert!(said[0].messages.contains(chinese), "{}", said[0]);
        assert!(said[1].messages.contains(english), "{}", said[1]);
    }
    assert_eq!(files_below(&full), [("mine.txt".to_owned(), b"mine".to_vec())]);
    std::fs::create_dir(folder.join("empty")).unwrap();
    export(&id, &database, &folder.join("empty"));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let folder = TemporaryFolder::new("pipe");
    let people: String = (1..=4_000).map(|n| format!("C{n:04}\n")).collect();
    PackageBuilder::small()
        .text("competitors.csv", &format!("code\n{people}"))
        .without("marks.csv")
        .write(folder.path());
    for json in [&[][..], &["--json"]] {
        let call = [&["package", "score", folder.path().to_str().unwrap()], json].concat();
        let mut command = leitai(call).command();
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut first = [0; 10];
        child.stdout.take().unwrap().read_exact(&mut first).unwrap();
        let ended = child.wait_with_output().unwrap();
        let messages = String::from_utf8(ended.stderr).unwrap();
        assert_eq!((ended.status.code(), messages.contains("panicked")), (Some(0), false), "{messages}");
    }
}

#[test]
fn help_names_every_command_and_what_its_words_mean() {
    for (call, words) in [
        (vec!["--help"], vec!["package", "award", "scale", "scheme", "ledger"]),
        (vec!["package", "--help"], vec!["check", "score", "import", "export"]),
        (vec!["package", "import", "--help"], vec!["--database", "leitai.db", "postgres://"]),
        (vec!["award", "--help"], vec!["--rules", "--overrides"]),
        (vec!["scheme", "convert", "--help"], vec!["--to", "xlsx"]),
        (vec!["ledger", "verify", "--help"], vec!["--key"]),
    ] {
        let said = leitai(call).run().done();
        assert!(words.iter().all(|word| said.output.contains(word)), "{said}");
    }
    assert!(leitai(["--version"]).run().done().output.starts_with("leitai "));
}
