//! A competition package from small tables.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::path::Path;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::folder::put;

/// A package's files under construction. A file's name without a folder is one of the present
/// skill's, except `competition.toml` and `rule_set.toml`.
#[derive(Clone, Debug)]
pub struct PackageBuilder {
    files: BTreeMap<String, Vec<u8>>,
    skill: String,
}

impl PackageBuilder {
    /// A competition by these rules, with no skill yet.
    #[must_use]
    pub fn new(rule_set: &str) -> Self {
        let text = format!(
            "name = \"样例大赛\"\nedition = \"2026\"\ntier = \"city\"\nhost = \"样例总工会\"\n\
             dates = [\"2026-05-01\", \"2026-05-02\"]\nrule_set = \"{rule_set}\"\nlanguage = \"zh\"\n"
        );
        Self { files: BTreeMap::new(), skill: String::new() }.text("competition.toml", &text)
    }

    /// Two competitors, three judges, one aspect of each kind, everything marked: C01 has 4.92,
    /// C02 has 2.67.
    #[must_use]
    pub fn small() -> Self {
        Self::new("hebei-2025")
            .skill("bench")
            .lines(
                "aspects.csv",
                &[
                    "id,criterion,criterion_name,sub_criterion,sub_criterion_name,day,type,description,max,\
                     calculation,parameters,score_min,score_max,score_step,drop_high,drop_low,factor,\
                     rung_0,rung_1,rung_2,rung_3,section,part",
                    "A1.01,A,Make,A1,Joint,1,measurement,Fits,2.00,,,,,,,,,,,,,,",
                    "A1.02,A,Make,A1,Joint,1,measurement,Gap,1.00,direct,,,,,,,,,,,,,",
                    "A1.03,A,Make,A1,Joint,1,judgement,Clean,2.00,,,,,,,,,none,meets,above,best,,",
                    "B1.01,B,Show,B1,Poise,1,panel,Poise,1.00,,,0,10,0.25,1,1,0.1,,,,,,",
                ],
            )
            .lines("competitors.csv", &["code,name,organisation", "C01,甲,一厂", "C02,乙,二厂"])
            .lines("judges.csv", &["code,name,role", "J1,丙,judge", "J2,丁,judge", "J3,戊,judge"])
            .lines("marks.csv", &["competitor,aspect,judge,value"])
            .marks("C01", &["A1.01 J1 1", "A1.02 J1 0.75", "A1.03 J1 2", "A1.03 J2 2", "A1.03 J3 3"])
            .marks("C01", &["B1.01 J1 6", "B1.01 J2 6.25", "B1.01 J3 7"])
            .marks("C02", &["A1.01 J1 0", "A1.02 J1 1", "A1.03 J1 1", "A1.03 J2 2", "A1.03 J3 2"])
            .marks("C02", &["B1.01 J1 5", "B1.01 J2 5.5", "B1.01 J3 6"])
    }

    /// Goes on with this skill, which has only its name so far.
    #[must_use]
    pub fn skill(mut self, id: &str) -> Self {
        id.clone_into(&mut self.skill);
        let text = format!("number = \"01\"\n\n[name]\nzh = \"{id} 赛项\"\nen = \"Skill {id}\"\n");
        self.text("skill.toml", &text)
    }

    /// A file of text, in place of the one before.
    #[must_use]
    pub fn text(self, file: &str, text: &str) -> Self {
        self.bytes(file, text.as_bytes())
    }

    /// A file of bytes, in place of the one before.
    #[must_use]
    pub fn bytes(mut self, file: &str, bytes: &[u8]) -> Self {
        self.files.insert(self.path(file), bytes.to_vec());
        self
    }

    /// A table, line by line, in place of the one before.
    #[must_use]
    pub fn lines(self, file: &str, lines: &[&str]) -> Self {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        self.text(file, &text)
    }

    /// More lines at the end of a table.
    #[must_use]
    pub fn add(self, file: &str, lines: &[&str]) -> Self {
        let mut text = self.read(file).to_owned();
        lines.iter().for_each(|line| text += &format!("{line}\n"));
        self.text(file, &text)
    }

    /// More marks of one competitor, each `aspect judge value`.
    #[must_use]
    pub fn marks(self, competitor: &str, marks: &[&str]) -> Self {
        let lines: Vec<String> =
            marks.iter().map(|mark| format!("{competitor},{}", mark.replace(' ', ","))).collect();
        self.add("marks.csv", &lines.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// The same file with one text in place of another, which must be there.
    #[must_use]
    pub fn swap(self, file: &str, from: &str, to: &str) -> Self {
        let text = self.read(file);
        assert!(text.contains(from), "{file} holds no {from}: {text}");
        let text = text.replacen(from, to, 1);
        self.text(file, &text)
    }

    /// Without this file.
    #[must_use]
    pub fn without(mut self, file: &str) -> Self {
        let path = self.path(file);
        assert!(self.files.remove(&path).is_some(), "there is no {path}");
        self
    }

    /// A file's text so far.
    #[must_use]
    pub fn read(&self, file: &str) -> &str {
        let path = self.path(file);
        let bytes = self.files.get(&path).unwrap_or_else(|| panic!("there is no {path}"));
        std::str::from_utf8(bytes).unwrap()
    }

    /// Writes it into a folder.
    pub fn write(&self, folder: &Path) {
        for (name, bytes) in &self.files {
            put(&folder.join(name), bytes);
        }
    }

    /// The same as a `.zip`, whose files lie in a folder of this name.
    #[must_use]
    pub fn zip(&self, folder: &str) -> Vec<u8> {
        let files = self.files.iter().map(|(name, bytes)| (format!("{folder}/{name}"), bytes.as_slice()));
        zip_of(files)
    }

    fn path(&self, file: &str) -> String {
        let is_whole = file.contains('/') || ["competition.toml", "rule_set.toml"].contains(&file);
        if is_whole { file.to_owned() } else { format!("skills/{}/{file}", self.skill) }
    }
}

/// A `.zip` of these files, names as they stand.
#[must_use]
pub fn zip_of<'a>(files: impl IntoIterator<Item = (String, &'a [u8])>) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        archive.start_file(name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}
