using SynthStudio.Synthesis.Constraints;
using SynthStudio.Synthesis.Operations;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Constraints;

[TestClass]
public sealed class FilledKeyTests
{
    private const int Known = 10, Missing = 10;

    [TestMethod]
    public void What_is_filled_in_repeats_no_unique_key()
    {
        var seats = Fill(seats: 40);
        Assert.IsFalse(seats.Any(double.IsNaN));
        Assert.HasCount(Known + Missing, seats.Distinct().ToList());
    }

    [TestMethod]
    public void Where_no_free_key_is_drawn_the_cell_stays_missing()
    {
        var seats = Fill(seats: Known + 2);
        Assert.AreEqual(Missing - 2, seats.Count(double.IsNaN));
        CollectionAssert.AreEquivalent(
            Enumerable.Range(0, Known + 2).Select(seat => (double)seat).ToArray(),
            seats.Where(seat => !double.IsNaN(seat)).ToArray());
    }

    /// <summary>Seats of which the first are known, and the others drawn among so many.</summary>
    private static double[] Fill(int seats)
    {
        var column = TestTables.Numbers("seat", ColumnKind.Integer, Enumerable.Range(0, Known + Missing).Select(row => row < Known ? row : double.NaN));
        var table = TestTables.Make(column);
        var schema = table.Schema with { Constraints = [new UniqueConstraint("one each", ["seat"])] };
        var imputation = new RuledImputation(new Dice(seats), ConstraintPlan.Checking(schema));
        var filled = imputation.Run(new Table(schema, table.Columns), 1, CancellationToken.None).Values("seat");
        CollectionAssert.AreEqual(column.Values[..Known], filled[..Known]);
        return filled;
    }

    /// <summary>Fills in any seat.</summary>
    private sealed class Dice(int seats) : IImputer
    {
        public Table Impute(Table table, long seed, CancellationToken cancellation)
        {
            var column = (NumericColumn)table["seat"];
            return new Table(table.Schema, [new NumericColumn(column.Schema, [.. column.Values.Select((value, row) =>
                double.IsNaN(value) ? new SeededStream(seed, StreamPurpose.Codec, row).NextInt(seats) : value)])]);
        }
    }
}
