//! Putting things in order. They come nearly so, and the standard library's sorts would be 12 KB of a tablet's
//! download.

/// The same in the order of their keys; equals stay as they came. For thousands that come in order, or few
/// that do not.
pub(crate) fn in_order<T, K: Ord>(items: impl IntoIterator<Item = T>, key: impl Fn(&T) -> K) -> Vec<T> {
    let mut ordered: Vec<T> = Vec::new();
    for item in items {
        let own = key(&item);
        let at = match ordered.last() {
            Some(last) if key(last) > own => ordered.partition_point(|other| key(other) <= own),
            _ => ordered.len(),
        };
        ordered.insert(at, item);
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::in_order;

    #[test]
    fn what_comes_out_of_order_is_put_in_order_and_equals_stay_as_they_came() {
        let given = [(3, 'a'), (1, 'b'), (3, 'c'), (2, 'd'), (1, 'e'), (9, 'f')];
        let ordered = in_order(given, |(key, _)| *key);
        assert_eq!(ordered, [(1, 'b'), (1, 'e'), (2, 'd'), (3, 'a'), (3, 'c'), (9, 'f')]);
        assert!(in_order(Vec::<u8>::new(), |key| *key).is_empty());
    }
}
