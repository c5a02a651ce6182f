using SynthStudio.Synthesis.Encoding;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Encoding;

/// <summary>Tables that are not held in memory: a sample, and all rows chunk by chunk.</summary>
[TestClass]
public sealed class LargeTableTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("large-table-").FullName;

    [TestMethod]
    public void Learning_from_chunks_is_learning_the_table_they_were_cut_from()
    {
        var table = TestTables.Shop(900);
        using var held = Fit(table, null);
        using var streamed = Fit(table, new Rows(table, chunkRows: 128));
        Assert.AreEqual(held.Metrics["best_validation_loss"], streamed.Metrics["best_validation_loss"]);
        var request = new SampleRequest { Rows = 500, Seed = 2 };
        Assert.AreEqual(TestTables.Text(held.Sample(request, CancellationToken.None)), TestTables.Text(streamed.Sample(request, CancellationToken.None)));
    }

    [TestMethod]
    public void All_rows_count_and_not_the_sample_only()
    {
        // In the sample every row is red; in the table, one in three.
        var table = TestTables.Shop(3_000);
        var red = Enumerable.Range(0, table.RowCount).Where(row => table.Texts("colour")[row] == "red" || row < 60).ToArray();
        using var model = Fit(table.Take(red), new Rows(table, chunkRows: 1_000), steps: 200);
        Assert.AreEqual(1.0 / 3, Methods.Draw(model, 3_000).Texts("colour").Share(colour => colour == "red"), 0.08);
    }

    [TestMethod]
    public void Rules_are_kept_by_the_rows_of_every_chunk_and_counted_over_all()
    {
        var table = TestTables.Shop(2_000);
        table = new Table(table.Schema with { Constraints = [new RangeConstraint("small", "pieces", null, "7")] }, table.Columns);
        var breaking = table.Values("pieces").Count(pieces => pieces > 7);
        using var model = Fit(table.Take(Enumerable.Range(0, 200).ToArray()), new Rows(table, chunkRows: 300));
        Assert.AreEqual(breaking, model.Metrics["constraints.rows_left_out"]);
        Assert.IsTrue(Methods.Draw(model, 1_000).Values("pieces").All(pieces => pieces <= 7));
    }

    [TestMethod]
    public void Encoded_rows_come_back_from_the_file_and_the_file_goes()
    {
        var table = TestTables.Shop(700);
        var codec = TableCodec.Fit(table, 1, protectRare: true);
        var expected = codec.Encode(table);
        long written = 0;
        using (var file = CellFile.Write(codec, new Rows(table, chunkRows: 64).Read(CancellationToken.None), ushort.MaxValue, folder, rows => written = rows))
        {
            Assert.AreEqual(700, written);
            Assert.AreEqual(700, file.Count);
            Assert.AreEqual(700 * 2 * codec.Modelled.Count, new FileInfo(Directory.GetFiles(folder).Single()).Length);
            var cells = new ushort[codec.Modelled.Count];
            foreach (var row in new[] { 0, 63, 64, 350, 699 })
            {
                file.Read(row, cells);
                CollectionAssert.AreEqual(expected.Select(column => column[row]).ToArray(), cells);
            }
        }

        Assert.IsEmpty(Directory.GetFiles(folder));
    }

    [TestMethod]
    public void What_the_sample_did_not_show_is_not_taken_for_something_else()
    {
        var table = TestTables.Shop(700);
        var sample = table.Take(Enumerable.Range(0, 700).Where(row => table.Texts("colour")[row] != "blue").ToArray());
        var codec = TableCodec.Fit(sample, 1, protectRare: true);
        using var file = CellFile.Write(codec, new Rows(table, chunkRows: 64).Read(CancellationToken.None), ushort.MaxValue, folder, _ => { });
        var cells = new ushort[codec.Modelled.Count];
        for (var row = 0; row < 700; row++)
        {
            file.Read(row, cells);
            Assert.AreEqual(table.Texts("colour")[row] == "blue", cells[codec.ModelledIndexOf("colour")] == ushort.MaxValue);
        }
    }

    [TestMethod]
    public void A_file_is_held_when_it_fits_and_sampled_when_it_does_not()
    {
        var path = Path.Combine(folder, "t.csv");
        File.WriteAllLines(path, Enumerable.Range(0, 5_000).Select(i => $"{i % 97},{i}").Prepend("a,b"));
        using var small = TrainingTable.Read(path, null, null, null, CancellationToken.None);
        Assert.IsNull(small.AllRows);
        Assert.AreEqual(5_000, small.Table.RowCount);
        using var large = TrainingTable.Read(path, null, null, null, CancellationToken.None, mostCells: 4_000);
        Assert.AreEqual(5_000, large.AllRows!.RowCount);
        Assert.AreEqual(1_000, large.Table.RowCount);
        Assert.AreEqual(
            TestTables.Text([small.Table]), TestTables.Text(large.AllRows.Read(CancellationToken.None)));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private ITabularModel Fit(Table table, IRowSource? all, long steps = 40) => Synthesizers.Get("autoregressive").Fit(
        table,
        new FitRequest
        {
            Seed = 1, Threads = 1, Device = Device.Cpu, Options = AutoregressiveTests.Small(steps), AllRows = all, ScratchFolder = folder,
        },
        new Observer(),
        CancellationToken.None);

    private sealed class Rows(Table table, int chunkRows) : IRowSource
    {
        public long RowCount => table.RowCount;

        public IEnumerable<Table> Read(CancellationToken cancellation) =>
            Enumerable.Range(0, table.RowCount).Chunk(chunkRows).Select(rows => table.Take(rows));
    }
}
