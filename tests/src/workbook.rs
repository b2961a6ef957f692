//! CIS workbooks made by a test.

use rust_xlsxwriter::Workbook;

/// A workbook's sheet from rows of cells, in the layout that CIS imports.
#[must_use]
pub fn workbook(rows: &[Vec<String>]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("CIS Marking Scheme Import").unwrap();
    for (row, cells) in (0_u32..).zip(rows) {
        for (column, cell) in (0_u16..).zip(cells) {
            // The only floats here: what a spreadsheet keeps a number as.
            match cell.parse::<f64>() {
                Ok(number) => sheet.write_number(row, column, number).unwrap(),
                Err(_) => sheet.write_string(row, column, cell).unwrap(),
            };
        }
    }
    workbook.save_to_buffer().unwrap()
}

/// A scheme whose judgement ladders have the rungs 0, 1, 2, 3 and one more (`surplus`).
#[must_use]
pub fn five_rungs(surplus: &str) -> Vec<u8> {
    bench_work(
        ["3", "1", "2"],
        &[("0", "none"), ("1", "meets"), ("2", "above"), ("3", "best"), (surplus, "surplus")],
    )
}

/// A sound scheme of 100 marks: a measured aspect of 60 and a judged one of 40.
#[must_use]
pub fn sound() -> Vec<u8> {
    bench_work(["100", "60", "40"], &[("0", "none"), ("1", "meets"), ("2", "above"), ("3", "best")])
}

fn bench_work([all, measured, judged]: [&str; 3], rungs: &[(&str, &str)]) -> Vec<u8> {
    let row = |cells: &[(usize, &str)]| {
        let mut row = vec![String::new(); 11];
        cells.iter().for_each(|(at, cell)| (*cell).clone_into(&mut row[*at]));
        row
    };
    let mut rows = vec![
        row(&[(0, "42 Bench work")]),
        row(&[(0, "Criteria")]),
        row(&[(0, "ID"), (1, "Name"), (10, "Mark")]),
        row(&[(0, "A"), (1, "Make"), (10, all)]),
        [
            "Sub\nCriterion\nID",
            "Sub Criterion\nName or Description",
            "Day of Marking",
            "Aspect\nType\nM = Meas\nJ = Judg",
            "Aspect - Description",
            "Judg Score",
            "Extra Aspect Description (Meas or Judg)\nOR\nJudgement Score Description (Judg only)",
            "Requirement\n(Measurement Only)",
            "WSOS Section",
            "Calculation Row \n(Export only)",
            "Max\nMark",
        ]
        .map(str::to_owned)
        .to_vec(),
        row(&[(0, "A1"), (1, "Joint"), (2, "1")]),
        row(&[(3, "M"), (4, "Fits"), (10, measured)]),
        row(&[(3, "J"), (4, "Clean"), (10, judged)]),
    ];
    for (score, text) in rungs {
        rows.push(row(&[(5, score), (6, text)]));
    }
    workbook(&rows)
}
