using SynthStudio.Synthesis.GraphicalModel;
using SynthStudio.Synthesis.Randomness;

namespace SynthStudio.Synthesis.Tests.GraphicalModel;

[TestClass]
public sealed class JunctionTreeTests
{
    [TestMethod]
    public void Every_clique_lies_in_a_node_and_every_attributes_nodes_hang_together()
    {
        var random = new SeededStream(1, StreamPurpose.Codec, 1);
        for (var trial = 0; trial < 200; trial++)
        {
            var domain = new Domain([.. Enumerable.Range(0, 12).Select(_ => 1 + random.NextInt(9))]);
            var cliques = Enumerable.Range(0, random.NextInt(20))
                .Select(_ => domain.Clique(Enumerable.Range(0, 1 + random.NextInt(3)).Select(_ => random.NextInt(12))))
                .ToList();

            var tree = JunctionTree.Of(domain, cliques);

            foreach (var clique in cliques) Assert.IsGreaterThanOrEqualTo(0, tree.NodeOf(clique));
            Assert.AreEqual(JunctionTree.CellsOf(domain, cliques), tree.Cells);
            for (var attribute = 0; attribute < 12; attribute++)
            {
                // A subtree has one node more than it has edges whose separator holds the attribute.
                var nodes = tree.Nodes.Count(n => n.Contains(attribute));
                var edges = Enumerable.Range(0, tree.Nodes.Count).Count(n => tree.Parents[n] >= 0 && tree.Separators[n].Contains(attribute));
                Assert.AreEqual(1, nodes - edges, $"trial {trial}");
            }
        }
    }

    [TestMethod]
    public void A_chain_needs_no_more_than_its_pairs()
    {
        var domain = new Domain([2, 3, 4, 5]);

        var tree = JunctionTree.Of(domain, [domain.Clique(0, 1), domain.Clique(1, 2), domain.Clique(2, 3)]);

        Assert.AreEqual(2 * 3 + 3 * 4 + 4 * 5, tree.Cells);
    }

    [TestMethod]
    public void A_tree_made_of_its_own_nodes_is_the_same()
    {
        var domain = new Domain([2, 3, 4, 5, 2]);
        var tree = JunctionTree.Of(domain, [domain.Clique(0, 1), domain.Clique(1, 2), domain.Clique(2, 0), domain.Clique(3, 4)]);

        var again = JunctionTree.OfNodes(domain, tree.Nodes);

        CollectionAssert.AreEqual(tree.Parents.ToArray(), again.Parents.ToArray());
        CollectionAssert.AreEqual(tree.Separators.ToArray(), again.Separators.ToArray());
    }
}
