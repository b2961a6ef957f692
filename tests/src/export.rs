//! Packages taken into a database and out again by the program.

use std::path::{Path, PathBuf};

use crate::{Said, TestDatabase, leitai};

/// One command of `leitai package` on a folder or file.
#[must_use]
pub fn package(command: &str, path: &Path) -> Said {
    leitai(["package".as_ref(), command.as_ref(), path.as_os_str()]).run()
}

/// Imports a package; gives the competition's id.
#[must_use]
pub fn import(folder: &Path, database: &TestDatabase) -> String {
    let said = import_call(folder, database).run().done();
    said.rows().rows[0][0].clone()
}

/// The call that imports a package.
#[must_use]
pub fn import_call(folder: &Path, database: &TestDatabase) -> crate::program::Call {
    let call = ["package", "import", folder.to_str().unwrap(), "--database", &database.url];
    leitai(call).from_folder(database.folder.path())
}

/// Exports a competition.
pub fn export(competition: &str, database: &TestDatabase, into: &Path) {
    let into = into.to_str().unwrap();
    let call = ["package", "export", "--competition", competition, into, "--database", &database.url];
    let _ = leitai(call).from_folder(database.folder.path()).run().done();
}

/// `leitai ledger verify`.
#[must_use]
pub fn verify(path: &Path) -> Said {
    leitai(["ledger".as_ref(), "verify".as_ref(), path.as_os_str()]).run()
}

/// The second verifier, in Python: its exit code and what it said on both outputs.
#[must_use]
pub fn verify_again(skill: &Path) -> Said {
    python("verify_ledger.py", &[skill])
}

/// What tablets wrote down about their own marks, held against an exported competition by a program
/// that shares no code with ours.
#[must_use]
pub fn check_journals(exported: &Path, journals: &Path) -> Said {
    python("check_journals.py", &[exported, journals])
}

fn python(program: &str, arguments: &[&Path]) -> Said {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(program);
    let output = std::process::Command::new("python3").arg(path).args(arguments).output();
    let output = output.expect("python3 is there");
    let words: Vec<String> = arguments.iter().map(|argument| argument.display().to_string()).collect();
    Said {
        call: format!("{program} {}", words.join(" ")),
        code: output.status.code(),
        output: String::from_utf8(output.stdout).unwrap(),
        messages: String::from_utf8(output.stderr).unwrap(),
    }
}
