//! The words after a command's name: flags, numbers, names, and what follows `--`.

use crate::Outcome;

/// The words still to be taken; [`Arguments::finish`] refuses what nobody took.
pub(crate) struct Arguments {
    words: Vec<String>,
    after_dashes: Vec<String>,
}

impl Arguments {
    pub(crate) fn new(words: impl IntoIterator<Item = String>) -> Self {
        let mut words: Vec<String> = words.into_iter().collect();
        let after_dashes = match words.iter().position(|word| word == "--") {
            Some(dashes) => words.drain(dashes..).skip(1).collect(),
            None => Vec::new(),
        };
        Self { words, after_dashes }
    }

    /// Whether `--name` was given.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let given = self.words.len();
        self.words.retain(|word| word != name);
        self.words.len() < given
    }

    /// The number after `--name`, if it was given.
    pub(crate) fn number(&mut self, name: &str) -> Result<Option<u64>, String> {
        let Some(at) = self.words.iter().position(|word| word == name) else { return Ok(None) };
        let value = self.words.get(at + 1).and_then(|word| word.parse().ok());
        let Some(value) = value else { return Err(format!("{name} needs a whole number after it.")) };
        self.words.drain(at..at + 2);
        Ok(Some(value))
    }

    /// The next name that is not a flag.
    pub(crate) fn name(&mut self) -> Option<String> {
        let at = self.words.iter().position(|word| !word.starts_with('-'))?;
        Some(self.words.remove(at))
    }

    /// Everything that is left, in order, for a program that we start.
    pub(crate) fn rest(&mut self) -> Vec<String> {
        let mut rest = std::mem::take(&mut self.words);
        rest.append(&mut self.after_dashes);
        rest
    }

    /// What follows `--`.
    pub(crate) fn after_dashes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.after_dashes)
    }

    /// Refuses words that no one took, so that a mistyped flag is never silently ignored.
    pub(crate) fn finish(self) -> Outcome {
        match self.words.first().or(self.after_dashes.first()) {
            Some(word) => Err(format!("`{word}` is not understood here; `cargo xtask help` lists what is.")),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(line: &str) -> Arguments {
        Arguments::new(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn flags_numbers_and_names_may_come_in_any_order() {
        let mut given = arguments("--seconds 5 ledger --quick -- --nocapture -- x");
        assert!(given.flag("--quick"));
        assert_eq!(given.number("--seconds"), Ok(Some(5)));
        assert_eq!(given.name().as_deref(), Some("ledger"));
        assert_eq!(given.after_dashes(), ["--nocapture", "--", "x"]);
        assert_eq!(given.finish(), Ok(()));
    }

    #[test]
    fn a_number_that_is_none_is_refused() {
        assert!(arguments("--seconds").number("--seconds").is_err());
        assert!(arguments("--seconds soon").number("--seconds").is_err());
        assert_eq!(arguments("").number("--seconds"), Ok(None));
    }

    #[test]
    fn a_word_that_nobody_takes_is_refused() {
        assert!(arguments("--qiuck").finish().is_err());
        assert!(arguments("-- --nocapture").finish().is_err());
    }
}
