//! What differs between two schemes, row by row and cell by cell, as their texts say it.

use std::collections::{HashMap, HashSet};

use protocol::scheme::{
    AspectForm, Cell, Changed, ChangedRow, CriterionForm, PartForm, SchemeChange, SchemeForm, SectionForm,
    SubForm,
};

/// What differs, in the order of the later one; what was removed comes last of its sort.
pub(super) fn diff(earlier: &SchemeForm, later: &SchemeForm) -> Vec<SchemeChange> {
    let mut changes = Vec::new();
    for (lines, of) in [
        (criteria as fn(&SchemeForm) -> Vec<Line<'_>>, ChangedRow::Criterion),
        (subs, ChangedRow::Sub),
        (aspects, ChangedRow::Aspect),
        (sections, ChangedRow::Section),
        (parts, ChangedRow::Part),
    ] {
        compare(&lines(earlier), &lines(later), of, &mut changes);
    }
    changes
}

/// A row of any sort: its id, below what it stands, its name, and its cells.
struct Line<'a> {
    id: &'a str,
    below: &'a str,
    name: &'a str,
    cells: Vec<(&'static str, &'a str)>,
}

fn criteria(form: &SchemeForm) -> Vec<Line<'_>> {
    form.criteria.iter().map(of_criterion).collect()
}

fn of_criterion(CriterionForm { id, name, .. }: &CriterionForm) -> Line<'_> {
    Line { id, below: "", name, cells: vec![("c_name", name)] }
}

fn subs(form: &SchemeForm) -> Vec<Line<'_>> {
    form.criteria.iter().flat_map(|above| above.subs.iter().map(|row| of_sub(&above.id, row))).collect()
}

fn of_sub<'a>(below: &'a str, SubForm { id, name, day, .. }: &'a SubForm) -> Line<'a> {
    Line { id, below, name, cells: vec![("s_name", name), ("s_day", day)] }
}

fn aspects(form: &SchemeForm) -> Vec<Line<'_>> {
    form.subs().flat_map(|above| above.aspects.iter().map(|row| of_aspect(&above.id, row))).collect()
}

fn of_aspect<'a>(below: &'a str, row: &'a AspectForm) -> Line<'a> {
    let cells = Cell::ALL.iter().map(|cell| (cell.name(), row.get(*cell))).collect();
    Line { id: &row.id, below, name: row.get(Cell::Description), cells }
}

fn sections(form: &SchemeForm) -> Vec<Line<'_>> {
    form.sections.iter().map(of_section).collect()
}

fn of_section(SectionForm { id, name, target }: &SectionForm) -> Line<'_> {
    Line { id, below: "", name, cells: vec![("n_name", name), ("n_target", target)] }
}

fn parts(form: &SchemeForm) -> Vec<Line<'_>> {
    form.parts.iter().map(of_part).collect()
}

fn of_part(PartForm { id, name, weight, pass_mark }: &PartForm) -> Line<'_> {
    Line { id, below: "", name, cells: vec![("p_name", name), ("p_weight", weight), ("p_pass", pass_mark)] }
}

fn compare(earlier: &[Line<'_>], later: &[Line<'_>], of: ChangedRow, changes: &mut Vec<SchemeChange>) {
    let known: HashMap<&str, &Line<'_>> = earlier.iter().map(|line| (line.id, line)).collect();
    let stays: HashSet<&str> = later.iter().map(|line| line.id).collect();
    let reordered = reordered(earlier, later, &known, &stays);
    for line in later {
        let mut changed = |what| {
            changes.push(SchemeChange { of, id: line.id.to_owned(), name: line.name.to_owned(), what });
        };
        let Some(was) = known.get(line.id) else {
            changed(Changed::Added);
            continue;
        };
        if was.below != line.below {
            changed(Changed::Moved(was.below.to_owned(), line.below.to_owned()));
        } else if reordered.contains(line.id) {
            changed(Changed::Reordered);
        }
        for ((cell, is), (_, was)) in line.cells.iter().zip(&was.cells) {
            if is != was {
                changed(Changed::Cell(cell, (*was).to_owned(), (*is).to_owned()));
            }
        }
    }
    for line in earlier.iter().filter(|line| !stays.contains(line.id)) {
        let (id, name) = (line.id.to_owned(), line.name.to_owned());
        changes.push(SchemeChange { of, id, name, what: Changed::Removed });
    }
}

/// Those that changed places among siblings that both have: as few as explain the later order.
fn reordered<'a>(
    earlier: &[Line<'a>],
    later: &[Line<'a>],
    known: &HashMap<&str, &Line<'a>>,
    stays: &HashSet<&str>,
) -> HashSet<&'a str> {
    // Where each stood, among those that stay below the same.
    let mut place: HashMap<&str, usize> = HashMap::new();
    for line in earlier.iter().filter(|line| stays.contains(line.id)) {
        place.insert(line.id, place.len());
    }
    let mut groups: HashMap<&str, Vec<(&'a str, usize)>> = HashMap::new();
    for line in later {
        if known.get(line.id).is_some_and(|was| was.below == line.below) {
            groups.entry(line.below).or_default().push((line.id, place[line.id]));
        }
    }
    groups.into_values().flat_map(|group| out_of_order(&group)).collect()
}

/// All but a longest run that is still in its order.
fn out_of_order<'a>(group: &[(&'a str, usize)]) -> Vec<&'a str> {
    // The ends of the best runs of each length, by their places in the group.
    let (mut ends, mut before): (Vec<usize>, Vec<Option<usize>>) = (Vec::new(), vec![None; group.len()]);
    for (at, (_, stood)) in group.iter().enumerate() {
        let length = ends.partition_point(|end| group[*end].1 < *stood);
        before[at] = length.checked_sub(1).map(|shorter| ends[shorter]);
        if length == ends.len() {
            ends.push(at);
        } else {
            ends[length] = at;
        }
    }
    let mut kept = HashSet::new();
    let mut at = ends.last().copied();
    while let Some(place) = at {
        kept.insert(place);
        at = before[place];
    }
    let moved = group.iter().enumerate().filter(|(at, _)| !kept.contains(at));
    moved.map(|(_, (id, _))| *id).collect()
}
