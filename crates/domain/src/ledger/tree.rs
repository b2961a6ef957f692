//! The Merkle tree over a ledger's entries (RFC 6962; R-182): its root, inclusion proofs and
//! consistency proofs.

use super::Hash;

/// A tree that only grows: the roots of the full subtrees it consists of, largest first. 64 hashes
/// at the most, whatever the size.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    roots: Vec<Hash>,
    size: u64,
}

impl Frontier {
    /// Takes in the next leaf.
    pub fn push(&mut self, leaf: Hash) {
        let mut node = leaf;
        // Each trailing one-bit of the size is a full subtree as large as what we carry.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.roots.pop() {
                node = Hash::of_node(&left, &node);
            }
        }
        self.roots.push(node);
        self.size += 1;
    }

    /// How many leaves it holds.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root; the hash of nothing for an empty tree.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut roots = self.roots.iter().rev();
        let Some(last) = roots.next() else { return Hash::of_document(b"") };
        roots.fold(*last, |right, left| Hash::of_node(left, &right))
    }
}

impl FromIterator<Hash> for Frontier {
    fn from_iter<I: IntoIterator<Item = Hash>>(leaves: I) -> Self {
        let mut frontier = Self::default();
        leaves.into_iter().for_each(|leaf| frontier.push(leaf));
        frontier
    }
}

/// The root over these leaves.
#[must_use]
pub fn root(leaves: &[Hash]) -> Hash {
    leaves.iter().copied().collect::<Frontier>().root()
}

/// The proof that leaf `index` (from 0) is in the tree of `leaves`, from the leaf upwards. None
/// where there is no such leaf.
#[must_use]
pub fn inclusion_proof(leaves: &[Hash], index: usize) -> Option<Vec<Hash>> {
    if index >= leaves.len() {
        return None;
    }
    let (mut proof, mut range, mut at) = (Vec::new(), leaves, index);
    while range.len() > 1 {
        let split = split_point(range.len());
        let (left, right) = range.split_at(split);
        if at < split {
            proof.push(root(right));
            range = left;
        } else {
            proof.push(root(left));
            (range, at) = (right, at - split);
        }
    }
    proof.reverse();
    Some(proof)
}

/// Whether `proof` shows that `leaf` stands at `index` in a tree of `size` leaves with that root.
#[must_use]
pub fn is_included(leaf: Hash, index: u64, size: u64, proof: &[Hash], root: Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut at, mut last, mut node) = (index, size - 1, leaf);
    for sibling in proof {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            node = Hash::of_node(sibling, &node);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            node = Hash::of_node(&node, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && node == root
}

/// The proof that the tree of the first `old` leaves is the beginning of the tree of them all. None
/// where `old` is 0 or more than there are.
#[must_use]
pub fn consistency_proof(leaves: &[Hash], old: usize) -> Option<Vec<Hash>> {
    if old == 0 || old > leaves.len() {
        return None;
    }
    let (mut proof, mut range, mut old, mut is_whole) = (Vec::new(), leaves, old, true);
    while old != range.len() {
        let split = split_point(range.len());
        let (left, right) = range.split_at(split);
        if old <= split {
            proof.push(root(right));
            range = left;
        } else {
            proof.push(root(left));
            (range, old, is_whole) = (right, old - split, false);
        }
    }
    if !is_whole {
        proof.push(root(range));
    }
    proof.reverse();
    Some(proof)
}

/// Whether `proof` shows that the tree of `old` leaves with `old_root` is the beginning of the tree
/// of `new` leaves with `new_root`.
#[must_use]
pub fn is_consistent(old: u64, new: u64, old_root: Hash, new_root: Hash, proof: &[Hash]) -> bool {
    if old == 0 || old > new {
        return false;
    }
    if old == new {
        return proof.is_empty() && old_root == new_root;
    }
    let mut path = proof.iter();
    let first = if old.is_power_of_two() { Some(&old_root) } else { path.next() };
    let Some(first) = first.copied() else { return false };
    let (mut at, mut last) = (old - 1, new - 1);
    while at & 1 == 1 {
        at >>= 1;
        last >>= 1;
    }
    let (mut old_node, mut new_node) = (first, first);
    for sibling in path {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            old_node = Hash::of_node(sibling, &old_node);
            new_node = Hash::of_node(sibling, &new_node);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            new_node = Hash::of_node(&new_node, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && old_node == old_root && new_node == new_root
}

/// The largest power of two below `size`, which is above 1.
fn split_point(size: usize) -> usize {
    size.next_power_of_two() / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The eight leaves and roots of the RFC 6962 reference test vectors.
    #[test]
    fn the_published_roots_come_out() {
        let inputs: [&[u8]; 8] = [
            b"",
            &[0x00],
            &[0x10],
            &[0x20, 0x21],
            &[0x30, 0x31],
            &[0x40, 0x41, 0x42, 0x43],
            &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
            &[0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f],
        ];
        let roots = [
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        let leaves: Vec<Hash> = inputs.iter().map(|input| Hash::of_leaf(input)).collect();
        for (size, text) in roots.iter().enumerate() {
            assert_eq!(root(&leaves[..size]).to_string(), *text, "{size} leaves");
        }
    }

    #[test]
    fn every_proof_of_every_small_tree_holds_and_no_other() {
        let leaves: Vec<Hash> = (0..33_u8).map(|n| Hash::of_leaf(&[n])).collect();
        for size in 1..=leaves.len() {
            let (tree, whole) = (&leaves[..size], root(&leaves[..size]));
            for index in 0..size {
                let proof = inclusion_proof(tree, index).expect("a leaf");
                let shows = |leaf, at: usize| is_included(leaf, at as u64, size as u64, &proof, whole);
                assert!(shows(tree[index], index));
                assert!(!shows(Hash::ZERO, index));
                assert!((0..size).all(|other| other == index || !shows(tree[index], other)));
            }
            for old in 1..=size {
                let proof = consistency_proof(tree, old).expect("a proof");
                let (old_root, old, new) = (root(&tree[..old]), old as u64, size as u64);
                assert!(is_consistent(old, new, old_root, whole, &proof), "{old} of {size}");
                assert!(!is_consistent(old, new, Hash::ZERO, whole, &proof));
                assert!(!is_consistent(old, new, old_root, Hash::ZERO, &proof));
            }
        }
    }
}
