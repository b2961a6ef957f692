//! The built program as a user runs it: a child process with arguments, and what it said.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::table::Rows;

/// What a call said and how it ended.
#[derive(Debug)]
pub struct Said {
    /// The call, for messages.
    pub call: String,
    /// The exit code; none where it was killed.
    pub code: Option<i32>,
    /// Standard output.
    pub output: String,
    /// Standard error.
    pub messages: String,
}

/// A call of the program under construction.
#[derive(Debug)]
pub struct Call {
    command: Command,
}

/// Begins a call with these arguments, in English.
#[must_use]
pub fn leitai<A: Into<OsString>>(arguments: impl IntoIterator<Item = A>) -> Call {
    let mut command = Command::new(program());
    command.args(arguments.into_iter().map(Into::into));
    for name in ["LC_ALL", "LC_MESSAGES", "LEITAI_LANG", "LEITAI_DATABASE"] {
        command.env_remove(name);
    }
    command.env("LANG", "en").stdin(Stdio::null());
    Call { command }
}

/// Where the program is: `LEITAI_BIN`, else where cargo puts it beside the tests.
#[must_use]
pub fn program() -> PathBuf {
    let path = std::env::var_os("LEITAI_BIN").map_or_else(beside_the_tests, PathBuf::from);
    assert!(
        path.is_file(),
        "the program is not at {}: build it with `cargo build -p leitai`, or name it in LEITAI_BIN",
        path.display()
    );
    path
}

fn beside_the_tests() -> PathBuf {
    let test = std::env::current_exe().expect("the test's own path");
    let folder = test.parent().and_then(Path::parent).expect("the target folder");
    folder.join("leitai")
}

impl Call {
    /// The same in Chinese.
    #[must_use]
    pub fn in_chinese(self) -> Self {
        self.with("LANG", "zh_CN.UTF-8")
    }

    /// With a variable set.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// From another working folder.
    #[must_use]
    pub fn from_folder(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// The command itself, for a test that starts or ends it in its own way.
    #[must_use]
    pub fn command(self) -> Command {
        self.command
    }

    /// Runs it to its end. It never ends by a panic, whatever the call.
    pub fn run(mut self) -> Said {
        let output = self.command.output().expect("the program starts");
        let words = self.command.get_args().map(|word| word.to_string_lossy().into_owned());
        let said = Said {
            call: words.collect::<Vec<_>>().join(" "),
            code: output.status.code(),
            output: String::from_utf8(output.stdout).expect("UTF-8 on standard output"),
            messages: String::from_utf8(output.stderr).expect("UTF-8 on standard error"),
        };
        assert!(!said.messages.contains("panicked at"), "{said}");
        said
    }
}

impl Said {
    /// The same, once it ended well.
    pub fn done(self) -> Self {
        assert_eq!(self.code, Some(0), "{self}");
        self
    }

    /// The same, once it was refused.
    pub fn refused(self) -> Self {
        assert_eq!(self.code, Some(1), "{self}");
        self
    }

    /// Standard output as a table.
    #[must_use]
    pub fn rows(&self) -> Rows {
        Rows::parse(&self.output)
    }

    /// Standard output as JSON.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.output).unwrap_or_else(|error| panic!("{error}: {self}"))
    }
}

impl std::fmt::Display for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (call, code, output, messages) = (&self.call, self.code, &self.output, &self.messages);
        write!(f, "leitai {call}: exit {code:?}\n--- output\n{output}--- messages\n{messages}")
    }
}
