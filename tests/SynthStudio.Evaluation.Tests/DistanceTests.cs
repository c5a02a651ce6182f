using SynthStudio.Evaluation.Distance;
using SynthStudio.Evaluation.Encoding;
using SynthStudio.Tabular;

namespace SynthStudio.Evaluation.Tests;

[TestClass]
public sealed class DistanceTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(7)]
    [DataRow(403)]
    public void The_nearest_row_is_the_one_that_looking_at_all_of_them_finds(int referenceRows)
    {
        var (queries, reference) = Rows(300, referenceRows);

        var found = new NearestRowSearch(reference).Distances(queries, new ParallelOptions());

        for (var q = 0; q < queries.RowCount; q++)
        {
            var nearest = Enumerable.Range(0, referenceRows).Min(r => GowerRows.Distance(queries, q, reference, r));
            Assert.AreEqual(nearest, found[q], 1e-6);
        }
    }

    [TestMethod]
    public void A_gap_is_one_away_from_a_number_and_nothing_from_a_gap()
    {
        var column = new ColumnEncoding(new ColumnSchema { Name = "x", Kind = ColumnKind.Decimal }, []);
        GowerRows One(double value) => new(new EncodedTable([column], [[value]], [null], 1), [new NumberScale(0, 4)]);

        Assert.AreEqual(0.5, GowerRows.Distance(One(1), 0, One(3), 0), 1e-12);
        Assert.AreEqual(1, GowerRows.Distance(One(1), 0, One(double.NaN), 0), 1e-12);
        Assert.AreEqual(1, GowerRows.Distance(One(double.NaN), 0, One(1), 0), 1e-12);
        Assert.AreEqual(0, GowerRows.Distance(One(double.NaN), 0, One(double.NaN), 0), 1e-12);
        Assert.AreEqual(0, new NearestRowSearch(One(double.NaN)).Distances(One(double.NaN), new ParallelOptions())[0], 1e-12);
        Assert.AreEqual(1, new NearestRowSearch(One(1)).Distances(One(double.NaN), new ParallelOptions())[0], 1e-12);
    }

    private static (GowerRows Queries, GowerRows Reference) Rows(int queries, int reference)
    {
        var tables = TableEncoder.Encode(People.Make(reference, 1), People.Make(queries, 2), null);
        NumberScale[] scales = [.. tables.Columns.Select((c, i) => c.IsNumeric ? NumberScale.Of(tables.Train.PresentNumbers(i)) : default)];
        return (new GowerRows(tables.Synthetic, scales), new GowerRows(tables.Train, scales));
    }
}
