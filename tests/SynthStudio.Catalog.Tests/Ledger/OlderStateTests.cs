using SynthStudio.Privacy.Ledger;

namespace SynthStudio.Catalog.Tests.Ledger;

/// <summary>What was stored before there were parts of data sets reads as if nothing were divided.</summary>
[TestClass]
public sealed class OlderStateTests
{
    [TestMethod]
    public void A_sum_without_parts_has_none()
    {
        var state = CatalogJson.Read<LedgerState>("""
            {"budget":{"nanoEpsilon":1000000000,"attoDelta":10000000000000},
             "spending":{"kept":{"boxes":{"nanoEpsilon":5,"attoDelta":6},"curve":[]},"unpacked":{"boxes":{"nanoEpsilon":5,"attoDelta":6},"curve":[]}},
             "privateReleases":1,"nonPrivateReleases":2}
            """);

        Assert.AreEqual(PartitionedSpending.None, state.Parts);
        Assert.AreEqual(5, state.Most.NanoEpsilonAt(10_000_000_000_000));
        Assert.AreEqual(state, CatalogJson.Read<LedgerState>(CatalogJson.Write(state)));
    }

    [TestMethod]
    public void Terms_without_a_part_are_for_the_whole_table()
    {
        var lease = CatalogJson.Read<AccountantSnapshot>("""
            {"guaranteed":true,"releases":[],"lease":{"job":"j","terms":{"epsilon":1,"delta":1e-6,"unitColumn":"","maxRowsPerUnit":1},"state":"Reserved","spentEpsilon":0,"spentEventJson":""}}
            """).Lease!;

        Assert.IsNull(lease.Terms.PartJson);
    }
}
