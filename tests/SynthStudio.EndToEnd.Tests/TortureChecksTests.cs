using SynthStudio.ClusterTorture;

namespace SynthStudio.EndToEnd.Tests;

/// <summary>What the torture of a cluster takes for kept, for broken and for hit, each by what is planted.</summary>
[TestClass]
public sealed class TortureChecksTests
{
    [TestMethod]
    public async Task A_piece_on_any_page_of_a_listing_is_looked_at()
    {
        var pages = new Dictionary<string, (IEnumerable<string> Keys, string? Next)>
        {
            [""] = (["a", "b"], "2"), ["2"] = ([], "3"), ["3"] = (["c"], null),
        };

        var all = await DataChecks.AllPagesAsync(next => Task.FromResult(pages[next ?? ""]));

        CollectionAssert.AreEqual(new[] { "a", "b", "c" }, all);
    }
}
