using SynthStudio.Api.Privacy;

namespace SynthStudio.Api.Tests;

/// <summary>What is to be expected of a private training follows from what was measured.</summary>
[TestClass]
public sealed class QualityCurvesTests
{
    private static readonly QualityCurves Curves = new(
        "made", [Point("a", 1_000, 1, 0.4), Point("a", 10_000, 1, 0.1), Point("b", 1_000, 1, 0.2), Point("b", 10_000, 1, 0.05)]);

    [TestMethod]
    public void Between_measurements_the_range_is_that_of_the_tables()
    {
        var measured = Curves.Expect(1_000, 1, "").Single();
        Assert.AreEqual((0.2, 0.4, false), (Math.Round(measured.PairDistanceLow, 9), Math.Round(measured.PairDistanceHigh, 9), measured.BeyondMeasured));

        var between = Curves.Expect(100, Math.Sqrt(1_000), "mst").Single();
        Assert.AreEqual(0.2, between.PairDistanceHigh, 1e-9, "half-way on logarithmic scales; rows times epsilon is what counts");
        Assert.AreEqual(0.1, between.PairDistanceLow, 1e-9);
    }

    [TestMethod]
    public void Beyond_them_the_nearest_is_told_and_said_to_be_that()
    {
        var more = Curves.Expect(1_000_000, 1, "mst").Single();
        Assert.AreEqual((0.05, 0.1, true), (Math.Round(more.PairDistanceLow, 9), Math.Round(more.PairDistanceHigh, 9), more.BeyondMeasured));
        Assert.IsEmpty(Curves.Expect(1_000, 1, "unheard-of"));
    }

    [TestMethod]
    public void What_ships_gets_better_with_rows_and_epsilon()
    {
        foreach (var method in new[] { "mst", "aim", "tree" })
        {
            var (few, many) = (QualityCurves.Shipped.Expect(1_000, 0.25, method).Single(), QualityCurves.Shipped.Expect(20_000, 4, method).Single());
            Assert.IsLessThan(few.PairDistanceLow, many.PairDistanceHigh, method);
            Assert.IsLessThan(few.ColumnDistanceLow, many.ColumnDistanceHigh, method);
            Assert.IsGreaterThan(0, many.MemoryBytes);
        }
    }

    private static QualityPoint Point(string table, int rows, double epsilon, double distance) =>
        new(table, 10, "mst", rows, epsilon, distance / 2, distance, 1, 100);
}
