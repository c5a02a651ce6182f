using System.Text;
using Parquet;
using Parquet.Schema;
using SynthStudio.Api.Formats;
using SynthStudio.Catalog.Transfers;

namespace SynthStudio.Api.Tests.Formats;

/// <summary>Rows become files of other formats while they are read, however the pieces fall that they come in.</summary>
[TestClass]
public sealed class RowFileTests
{
    private static readonly TypedColumn[] Columns =
    [
        new("n", ColumnType.Integer), new("x", ColumnType.Double), new("d", ColumnType.Date), new("at", ColumnType.Timestamp),
        new("z", ColumnType.TimestampUtc), new("ok", ColumnType.Boolean), new("t", ColumnType.Text),
    ];

    private const string Csv = "n,x,d,at,z,ok,t\n1,1.50,2020-02-29,2020-02-29 10:00:01.25,2020-02-29T10:00:00+02:00,yes,\"a \"\"b\"\",\nc\"\n,,,,,,\n-9007199254740993,.5,0001-01-01,1969-12-31T23:59:59,1970-01-01 00:00:00Z,f,\"\"\n";

    public required TestContext TestContext { get; init; }

    [TestMethod]
    [DataRow(1)]
    [DataRow(7)]
    [DataRow(100_000)]
    public async Task Csv_is_read_whatever_the_pieces_are(int piece)
    {
        var rows = new CsvRows(new Pieces(Encoding.UTF8.GetBytes("a,b\r\n\"x\"\"y\",\r\n\"\",\"1\n2\"\n,last"), piece));
        var read = new List<string>();
        while (await rows.ReadAsync(TestContext.CancellationToken))
            read.Add(string.Join('|', Enumerable.Range(0, rows.Count).Select(i => rows.IsMissing(i) ? "-" : Encoding.UTF8.GetString(rows[i]))));

        CollectionAssert.AreEqual(new[] { "a|b", "x\"y|-", "|1\n2", "-|last" }, read);
    }

    [TestMethod]
    public async Task A_cell_larger_than_the_buffer_is_read_whole()
    {
        var large = new string('"', 2) + new string('x', 1_000_000);
        var rows = new CsvRows(new Pieces(Encoding.UTF8.GetBytes($"a\n\"{large.Replace("\"", "\"\"", StringComparison.Ordinal)}\"\nb\n"), 65_536));
        for (var i = 0; i < 2; i++) Assert.IsTrue(await rows.ReadAsync(TestContext.CancellationToken));
        Assert.AreEqual(large, Encoding.UTF8.GetString(rows[0]));
        Assert.IsTrue(await rows.ReadAsync(TestContext.CancellationToken));
        Assert.AreEqual("b", Encoding.UTF8.GetString(rows[0]));
        Assert.IsFalse(await rows.ReadAsync(TestContext.CancellationToken));
    }

    [TestMethod]
    [DataRow("a,b\n1\n")]
    [DataRow("a\n\"1")]
    [DataRow("a\n\"1\"2\n")]
    public async Task Damaged_csv_is_refused(string csv)
    {
        var rows = new CsvRows(new Pieces(Encoding.UTF8.GetBytes(csv), 100));
        await Assert.ThrowsExactlyAsync<InvalidDataException>(async () =>
        {
            while (await rows.ReadAsync(TestContext.CancellationToken))
            {
            }
        });
    }

    [TestMethod]
    public async Task Json_lines_keep_numbers_as_they_are_spelled()
    {
        var text = Encoding.UTF8.GetString(await ConvertAsync(Csv, RowFormat.JsonLines));

        Assert.AreEqual(
            """
            {"n":1,"x":1.50,"d":"2020-02-29","at":"2020-02-29 10:00:01.25","z":"2020-02-29T10:00:00+02:00","ok":true,"t":"a \"b\",\nc"}
            {"n":null,"x":null,"d":null,"at":null,"z":null,"ok":null,"t":null}
            {"n":-9007199254740993,"x":0.5,"d":"0001-01-01","at":"1969-12-31T23:59:59","z":"1970-01-01 00:00:00Z","ok":false,"t":""}

            """.ReplaceLineEndings("\n"), text);
    }

    [TestMethod]
    public async Task Parquet_has_the_types_of_the_columns()
    {
        await using var file = await ParquetReader.CreateAsync(new MemoryStream(await ConvertAsync(Csv, RowFormat.Parquet)));
        using var group = file.OpenRowGroupReader(0);

        CollectionAssert.AreEqual(Columns.Select(column => column.Name).ToArray(), file.Schema.DataFields.Select(field => field.Name).ToArray());
        CollectionAssert.AreEqual(new long?[] { 1, null, -9007199254740993 }, await ValuesAsync<long>(0));
        CollectionAssert.AreEqual(new double?[] { 1.5, null, .5 }, await ValuesAsync<double>(1));
        CollectionAssert.AreEqual(new DateTime?[] { new(2020, 2, 29), null, new(1, 1, 1) }, await ValuesAsync<DateTime>(2));
        CollectionAssert.AreEqual(
            new DateTime?[] { new DateTime(2020, 2, 29, 10, 0, 1).AddMilliseconds(250), null, new(1969, 12, 31, 23, 59, 59) },
            await ValuesAsync<DateTime>(3));
        CollectionAssert.AreEqual(new DateTime?[] { new(2020, 2, 29, 8, 0, 0), null, new(1970, 1, 1) }, await ValuesAsync<DateTime>(4));
        CollectionAssert.AreEqual(new bool?[] { true, null, false }, await ValuesAsync<bool>(5));
        var texts = new string?[3];
        await group.ReadAsync(file.Schema.DataFields[6], texts.AsMemory()!);
        CollectionAssert.AreEqual(new[] { "a \"b\",\nc", null, "" }, texts);

        async Task<T?[]> ValuesAsync<T>(int column) where T : struct
        {
            var values = new T?[3];
            await group.ReadAsync(file.Schema.DataFields[column], values.AsMemory());
            return values;
        }
    }

    [TestMethod]
    public async Task Identifiers_of_19_and_20_digits_come_back_from_parquet_as_they_were()
    {
        const string Longest = "9223372036854775807", Longer = "12345678901234567890";
        using var target = new MemoryStream();
        await RowFiles.ConvertAsync(
            new MemoryStream(Encoding.UTF8.GetBytes($"a,b\n{Longest},{Longer}\n-{Longest},{Longer}\n")), [new("a", ColumnType.Integer), new("b", ColumnType.Text)], RowFormat.Parquet, target, _ => { },
            TestContext.CancellationToken);

        await using var file = await ParquetReader.CreateAsync(new MemoryStream(target.ToArray()));
        using var group = file.OpenRowGroupReader(0);
        var (numbers, texts) = (new long?[2], new string?[2]);
        await group.ReadAsync(file.Schema.DataFields[0], numbers.AsMemory());
        await group.ReadAsync(file.Schema.DataFields[1], texts.AsMemory()!);
        CollectionAssert.AreEqual(new long?[] { long.MaxValue, -long.MaxValue }, numbers);
        CollectionAssert.AreEqual(new[] { Longer, Longer }, texts);
    }

    [TestMethod]
    public async Task Parquet_comes_in_groups_of_rows()
    {
        var csv = new StringBuilder("n\n");
        for (var i = 0; i < 300_000; i++) csv.Append(i).Append('\n');
        var told = 0L;
        using var target = new MemoryStream();
        await RowFiles.ConvertAsync(
            new MemoryStream(Encoding.UTF8.GetBytes(csv.ToString())), [new("n", ColumnType.Integer)], RowFormat.Parquet, target,
            rows => told += rows, TestContext.CancellationToken);

        await using var file = await ParquetReader.CreateAsync(new MemoryStream(target.ToArray()));
        Assert.AreEqual((3, 300_000L, 300_000L), (file.RowGroupCount, file.RowGroups.Sum(group => group.RowCount), told));
    }

    [TestMethod]
    [DataRow(RowFormat.Parquet)]
    [DataRow(RowFormat.JsonLines)]
    public async Task A_value_of_another_type_is_an_error_that_names_the_column_only(RowFormat format)
    {
        var error = await Assert.ThrowsExactlyAsync<ValueNotOfTypeException>(() => ConvertAsync(Csv.Replace("1,1.50", "secret,1.50", StringComparison.Ordinal), format));
        Assert.AreEqual("n", error.Column);
        Assert.DoesNotContain("secret", error.Message);
    }

    [TestMethod]
    public async Task Who_reads_a_pipe_and_stops_stops_who_writes()
    {
        var isStopped = false;
        await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => RowFiles.PipeAsync(
            async (target, stop) =>
            {
                try
                {
                    while (true) await target.WriteAsync(new byte[1 << 20], stop);
                }
                finally
                {
                    isStopped = true;
                }
            },
            async (source, stop) =>
            {
                await source.ReadExactlyAsync(new byte[10], stop);
                throw new InvalidOperationException("the receiver failed");
            },
            TestContext.CancellationToken));
        Assert.IsTrue(isStopped);
    }

    private async Task<byte[]> ConvertAsync(string csv, RowFormat format)
    {
        using var made = new MemoryStream();
        await RowFiles.PipeAsync(
            (target, stop) => RowFiles.ConvertAsync(new Pieces(Encoding.UTF8.GetBytes(csv), 5), Columns, format, target, _ => { }, stop),
            (source, stop) => source.CopyToAsync(made, stop), TestContext.CancellationToken);
        return made.ToArray();
    }

    /// <summary>Bytes that come a few at a time.</summary>
    private sealed class Pieces(byte[] bytes, int most) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, most)], cancellationToken);
    }
}
