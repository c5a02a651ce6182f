using SynthStudio.Privacy.Noise;
using SynthStudio.Synthesis.GraphicalModel;
using SynthStudio.Synthesis.Marginals;
using SynthStudio.Synthesis.Private;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Marginals;

/// <summary>Rules of the schema are zeros of the model: no drawn row has to be thrown away for them.</summary>
[TestClass]
public sealed class ImpossibleCellsTests
{
    [TestMethod]
    [DataRow("mst")]
    [DataRow("tree")]
    [DataRow("aim")]
    public void Listed_combinations_are_the_only_ones_whatever_the_noise(string method)
    {
        var rule = new FixedCombinationsConstraint("places", ["region", "member"], [["north", "no"], ["south", "yes"], ["east", "yes"]]);
        var schema = PrivateShop.Schema with { Constraints = [rule] };
        using var model = PrivateShop.Train(PrivateShop.Method(method, () => new SecureBits()), PrivateShop.Rows(500, schema: schema), 0.1);

        var drawn = ((SynthStudio.Synthesis.Constraints.ConstrainedModel)model).Inner
            .Sample(new SampleRequest { Rows = 2_000, ChunkRows = 2_000, FirstChunkRows = 2_000 }, CancellationToken.None)
            .Single();

        var seen = drawn.Texts("region").Zip(drawn.Texts("member"))
            .Where(pair => pair.First is not null)
            .Select(pair => $"{pair.First} {pair.Second}")
            .ToHashSet();
        Assert.IsTrue(seen.IsSubsetOf(["north no", "south yes", "east yes"]), string.Join(", ", seen));
        Assert.IsGreaterThan(0, seen.Count);
    }

    [TestMethod]
    public void A_lower_range_that_lies_above_the_higher_one_is_impossible_and_missing_values_never_are()
    {
        ColumnDomain low = new() { Kind = ColumnKind.Integer, Min = 0, Max = 3, Nullable = false }, high = low with { Nullable = true };
        var schema = new TableSchema
        {
            Columns = [low.Schema("low"), high.Schema("high")],
            Domains = new Dictionary<string, ColumnDomain> { ["low"] = low, ["high"] = high },
            Constraints = [new InequalityConstraint("ordered", "low", "high", false)],
        };
        var codec = DeclaredCodec.Of(schema, 4);

        var zeros = ImpossibleCells.Of(schema, codec, new Domain([4, 5])).Single();

        for (var l = 0; l < 4; l++)
            for (var h = 0; h < 5; h++)
                Assert.AreEqual(l > h, double.IsNegativeInfinity(zeros.Logarithms[l * 5 + h]), $"{l} and {h}");
    }

    [TestMethod]
    public void Combinations_that_are_left_to_the_data_are_refused()
    {
        var schema = PrivateShop.Schema with { Constraints = [new FixedCombinationsConstraint("places", ["region", "member"])] };

        Assert.AreEqual(
            SynthesisError.DomainNotDeclared,
            Assert.ThrowsExactly<SynthesisException>(
                () => PrivateShop.Train(PrivateShop.Method("mst", () => new SecureBits()), PrivateShop.Rows(100, schema: schema))).Error);
    }
}
