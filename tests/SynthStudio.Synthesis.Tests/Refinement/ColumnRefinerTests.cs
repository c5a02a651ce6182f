using SynthStudio.Synthesis.Autoregressive.Inference;
using SynthStudio.Synthesis.Autoregressive.Refinement;
using SynthStudio.Synthesis.Boosting;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Randomness;

namespace SynthStudio.Synthesis.Tests.Refinement;

[TestClass]
public sealed class ColumnRefinerTests
{
    private const int Rows = 100_000;

    [TestMethod]
    public void Candidates_are_chosen_in_proportion_to_their_density_ratio()
    {
        // Cell 1 is three times as frequent among real rows as cell 0.
        var (share, effective) = Choose(MathF.Log(3));
        Assert.AreEqual(0.75, share, 0.01);
        Assert.AreEqual(16.0 / 20, effective, 1e-5);
    }

    [TestMethod]
    public void Temperature_divides_the_log_ratio_of_candidates()
    {
        Assert.AreEqual(Math.Sqrt(3) / (1 + Math.Sqrt(3)), Choose(MathF.Log(3), temperature: 2).Share, 0.01);
        Assert.AreEqual(0.9, Choose(MathF.Log(3), temperature: 0.5).Share, 0.01);
        Assert.AreEqual(1, Choose(MathF.Log(3), temperature: 1e-300).Share);
        Assert.AreEqual(0.5, Choose(1_000, temperature: 1e300).Share, 0.01);
    }

    [TestMethod]
    public void Temperature_sharpens_and_flattens_what_a_relation_proposes()
    {
        // Of ten rows nine lie on the value of the related column, and one 3 or 4 cells above: each of these is one of twenty.
        var relation = new ColumnRelation(0, [8], [.. Enumerable.Range(0, CellDistance.Bins).Select(bin =>
            bin < CellDistance.Equal ? 0f : bin < CellDistance.BinOf(3) ? 0.9f : 1f)]);
        Assert.AreSame(relation, relation.At(1));
        Assert.AreEqual(0.9, On(1), 0.01);
        Assert.AreEqual(18.0 * 18 / (18 * 18 + 2), On(0.5), 0.01);
        Assert.AreEqual(1, On(1e-300));
        Assert.AreEqual(1.0 / 3, On(1e300), 0.01);

        double On(double temperature)
        {
            var (at, random) = (relation.At(temperature), new SeededStream(1, StreamPurpose.Codec, 0));
            var proposed = Enumerable.Range(0, 20_000).Select(_ => at.Propose(0, 20, random.NextSingle(), random.NextSingle())).ToArray();
            Assert.IsTrue(Array.TrueForAll(proposed, cell => cell is 8 or 11 or 12));
            return proposed.Count(cell => cell == 8) / 20_000.0;
        }
    }

    [TestMethod]
    public void No_ratio_makes_a_candidate_impossible()
    {
        var (share, _) = Choose(1_000);
        var least = Math.Exp(-ColumnRefiner.Bound);
        Assert.AreEqual(least / (1 + least), 1 - share, 0.5 * least);
    }

    [TestMethod]
    public void A_distance_lies_in_the_bin_that_it_was_drawn_from()
    {
        for (var bin = 1; bin < CellDistance.Bins; bin++)
            for (var uniform = 0f; uniform < 1; uniform += 0.01f)
                Assert.AreEqual(bin, CellDistance.BinOf(CellDistance.DistanceIn(bin, uniform)));
        Assert.AreEqual(0, CellDistance.DistanceIn(CellDistance.Equal, 0.5f));
        for (var distance = -70_000; distance < 70_000; distance += 7)
            Assert.IsTrue(
                CellDistance.BinOf(distance) is > CellDistance.None and < CellDistance.Bins
                    && CellDistance.BinOf(distance) <= CellDistance.BinOf(distance + 1));
    }

    [TestMethod]
    public void A_column_is_related_to_the_one_it_lies_near_to_and_to_no_other()
    {
        var table = RidgeTable.Make(5_000);
        var codec = TableCodec.Fit(table, 1, protectRare: true);
        var cells = codec.Encode(table);
        var relation = new RelationSearch([.. codec.Columns], cells).Of(2, [0, 1, 3]).Single();
        Assert.AreEqual(1, relation.Source);

        var random = new SeededStream(1, StreamPurpose.Codec, 0);
        var values = ((NumericCodec)codec.Columns[2]).Cells.Length;
        var proposed = Enumerable.Range(0, 5_000).Select(row => relation.Propose(cells[1][row], values, random.NextSingle(), random.NextSingle())).ToArray();
        var near = proposed.Where((cell, row) => cell != Cell.Unset && Math.Abs(cell - cells[2][row]) <= 16).Count();
        Assert.IsGreaterThan(4_000, near);
    }

    [TestMethod]
    public void What_is_written_is_read_and_what_is_damaged_is_refused()
    {
        var codec = TableCodec.Fit(RidgeTable.Make(500), 1, protectRare: true);
        int[] order = [0, 1, 2, 3];
        var relation = new ColumnRelation(1, new ushort[codec.Columns[1].Layout.Cells], [0, .. Enumerable.Repeat(1f, CellDistance.Bins - 1)]);
        var values = ((NumericCodec)codec.Columns[2]).Cells.Length;
        var refiner = new ColumnRefiner(2, [0, 1], values, [relation], new ObliviousTrees(1, [2], [3], [-0.5f, 0.5f]), 7, 2);
        var bytes = Written(refiner);
        var read = RefinementStore.Read(bytes, codec, order).Refiners[2]!;
        Assert.AreEqual((14, 16, values, 1), (read.NetworkCandidates, read.Candidates, read.Values, read.Trees.Count));
        CollectionAssert.AreEqual(bytes, Written(read));

        Refuses(bytes[..^1]);
        Refuses([.. bytes, 0]);
        Refuses([]);
        Refuses(Written(refiner with { Before = [0, 3] }));
        Refuses(Written(refiner with { Relations = [relation with { Source = 3 }] }));
        Refuses(Written(refiner with { Relations = [relation with { Centers = [.. relation.Centers.Skip(1), (ushort)values] }] }));
        Refuses(Written(refiner with { Relations = [relation with { Sums = new float[CellDistance.Bins] }] }));
        Refuses(Written(refiner with { Trees = refiner.Trees with { Features = [4] } }));
        Refuses(Written(refiner with { Trees = refiner.Trees with { Leaves = [float.NaN, 0] } }));
        Refuses(Written(refiner with { Trees = refiner.Trees with { Leaves = [0] } }));
        Refuses(Written(refiner with { FromNetwork = 0 }));

        byte[] Written(ColumnRefiner one)
        {
            var refinement = RowRefinement.None(codec);
            refinement.Refiners[2] = one;
            return RefinementStore.Write(refinement);
        }

        void Refuses(byte[] damaged) => Assert.ThrowsExactly<InvalidDataException>(() => RefinementStore.Read(damaged, codec, order));
    }

    /// <summary>Two candidates for each row, cells 0 and 1, whose log ratios differ; the share of rows that get cell 1.</summary>
    private static (double Share, double Effective) Choose(float difference, double temperature = 1)
    {
        var trees = new ObliviousTrees(1, [0], [0], [0, difference]);
        var refiner = new ColumnRefiner(0, [], 0, [], trees, 2);
        var drawn = Enumerable.Range(0, 2 * Rows).Select(i => (ushort)(i % 2)).ToArray();
        ushort[][] cells = [new ushort[Rows]];
        var random = new SeededStream(2, StreamPurpose.SampledTokens, 0);
        var effective = refiner.Choose(refiner.Propose(drawn, cells, temperature, random), [null], cells, [0, 1], temperature, random);
        return (cells[0].Count(cell => cell == 1) / (double)Rows, effective);
    }
}
