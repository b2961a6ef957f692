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
    let program = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("verify_ledger.py");
    let output = std::process::Command::new("python3").arg(&program).arg(skill).output();
    let output = output.expect("python3 is there");
    Said {
        call: format!("verify_ledger.py {}", skill.display()),
        code: output.status.code(),
        output: String::from_utf8(output.stdout).unwrap(),
        messages: String::from_utf8(output.stderr).unwrap(),
    }
}
