using System.IO.Compression;
using System.Text;

namespace SynthStudio.Tabular.Tests.Reading;

/// <summary>What is wrong with files, and what we say of it: typed, with column and row, without values of the data.</summary>
[TestClass]
public sealed class BadInputTests : FileTest
{
    [TestMethod]
    public void AnEmptyFileIsRefused() => Refused(TableError.Empty, () => Read(""));

    [TestMethod]
    public void WhiteSpaceAloneIsRefused() => Refused(TableError.Empty, () => Read("\n\n  \n"));

    [TestMethod]
    public void AHeaderWithoutRowsIsRefused() => Refused(TableError.NoRows, () => Read("a,b\n"));

    [TestMethod]
    public void AHeaderWithoutLineEndIsRefused() => Refused(TableError.NoRows, () => Read("a,b"));

    [TestMethod]
    public void AMissingFileIsRefused() => Refused(TableError.FileNotFound, () => TableReader.Read(PathOf("none.csv")));

    [TestMethod]
    public void AFolderIsRefused() => Refused(TableError.FileUnreadable, () => TableReader.Read(Path.GetDirectoryName(PathOf("x"))!));

    [TestMethod]
    public void DuplicateColumnNamesAreRefused()
    {
        var refusal = Refused(TableError.DuplicateColumn, () => Read("a,b,a\n1,2,3\n"));
        Assert.AreEqual("a", refusal.Column);
    }

    [TestMethod]
    public void EmptyColumnNamesAreRefused()
    {
        var refusal = Refused(TableError.EmptyColumnName, () => Read("a,,c\n1,2,3\n"));
        StringAssert.Contains(refusal.Message, "column 2");
    }

    [TestMethod]
    [DataRow("a,b\n1,2\n3\n4,5\n", 2)]
    [DataRow("a,b\n1,2\n3,4\n5,6,7\n", 3)]
    [DataRow("a,b\r\n1,\"x\ny\"\r\n3,4\r\n5,6,7\r\n", 3)]
    public void RaggedRowsAreRefusedWithTheirNumber(string text, int row)
    {
        var refusal = Refused(TableError.RaggedRow, () => Read(text));
        Assert.AreEqual(row, refusal.Row);
    }

    [TestMethod]
    public void AQuoteThatNeverEndsIsRefused() => Refused(TableError.RaggedRow, () => Read("a,b\n1,2\n3,\"secret\n5,6\n"));

    [TestMethod]
    public void RefusalsDoNotRepeatCells()
    {
        var refusal = Refused(TableError.RaggedRow, () => Read("a,b\n1,2\n3,secret,5\n"));
        Assert.DoesNotContain("secret", refusal.ToString().Split("\n")[0]);
        Assert.IsNull(refusal.InnerException);
    }

    [TestMethod]
    public void ANulByteIsRefusedWithItsLine()
    {
        var refusal = Refused(TableError.InvalidEncoding, () => Read("a,b\n1,2\n3,\0\n"));
        Assert.AreEqual(2, refusal.Row);
    }

    [TestMethod]
    public void ABinaryFileIsRefused()
    {
        var bytes = new byte[5000];
        new Random(1).NextBytes(bytes);
        bytes[0] = 7;
        Refused(TableError.UnsupportedFormat, () => TableReader.Read(Save(bytes)));
    }

    [TestMethod]
    [DataRow("PK\u0003\u0004 and so on", "Excel")]
    [DataRow("%PDF-1.7", "PDF")]
    [DataRow("SQLite format 3\0", "SQLite")]
    public void KnownForeignFormatsAreNamed(string content, string name) =>
        StringAssert.Contains(Refused(TableError.UnsupportedFormat, () => Read(content)).Message, name);

    [TestMethod]
    public void AParquetFileThatIsNoneIsRefused()
    {
        Refused(TableError.UnsupportedFormat, () => TableReader.Read(Save("a,b\n1,2\n", "t.parquet")));
        Refused(TableError.UnsupportedFormat, () => TableReader.Read(Save("PAR1 but nothing else PAR1", "u.parquet")));
    }

    [TestMethod]
    [DataRow(0.5)]
    [DataRow(0.999)]
    public void ATruncatedGzipIsRefused(double share)
    {
        var whole = Gzip(Lines(Enumerable.Range(0, 200_000).Select(i => (i * 7919L % 100_003).ToString())));
        Refused(TableError.CorruptCompression, () => TableReader.Read(Save(whole[..(int)(whole.Length * share)], "t.csv.gz")));
    }

    [TestMethod]
    public void ATruncatedZstdIsRefused()
    {
        using var compressor = new ZstdSharp.Compressor();
        var text = Encoding.UTF8.GetBytes(Lines(Enumerable.Range(0, 200_000).Select(i => (i * 7919L % 100_003).ToString())));
        var whole = compressor.Wrap(text).ToArray();
        Refused(TableError.CorruptCompression, () => TableReader.Read(Save(whole[..(whole.Length / 2)], "t.csv.zst")));
    }

    [TestMethod]
    public void ADamagedGzipIsRefused()
    {
        var whole = Gzip(Lines(Enumerable.Range(0, 50_000).Select(i => (i * 7919L % 100_003).ToString())));
        whole[whole.Length / 2] ^= 0x55;
        Refused(TableError.CorruptCompression, () => TableReader.Read(Save(whole, "t.csv.gz")));
    }

    [TestMethod]
    public void AGzipThatExpandsTooMuchIsRefused() => Refused(
        TableError.CorruptCompression,
        () => TableReader.Read(Save(Gzip(new string('a', 1 << 20)), "t.gz"), options: new ReadOptions { MaximumExpandedBytes = 1000 }));

    [TestMethod]
    public void AZstdThatExpandsTooMuchIsRefused()
    {
        using var compressor = new ZstdSharp.Compressor();
        Refused(
            TableError.CorruptCompression,
            () => TableReader.Read(Save(compressor.Wrap(new byte[1 << 20]).ToArray(), "t.zst"), options: new ReadOptions { MaximumExpandedBytes = 1000 }));
    }

    /// <summary>A megabyte and a half that would be a gibibyte and a half: no table is packed a thousandfold.</summary>
    [TestMethod]
    public void AFileThatWasMadeToFillADiskIsRefusedByHowMuchItExpands()
    {
        var zeros = new byte[1 << 20];
        using var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var i = 0; i < 1200; i++) gzip.Write(zeros);
        }

        var error = Assert.ThrowsExactly<TableException>(
            () => TableReader.Read(Save(packed.ToArray(), "t.csv.gz"), options: new ReadOptions { MaximumExpansion = 50 }));
        Assert.AreEqual(TableError.CorruptCompression, error.Error);
        Assert.Contains("1073741824", error.Message);
    }

    /// <summary>A value that repeats takes some bytes in the file, compressed or not: only its rows tell what becomes of it.</summary>
    [TestMethod]
    [DataRow("1")]
    [DataRow("'word'")]
    public void AParquetFileWhoseFooterDeclaresTooMuchIsRefused(string constant)
    {
        var path = PathOf("t.parquet");
        using (var session = new DuckSession(new ReadOptions(), PathOf("tmp")))
        {
            session.Execute(
                $"COPY (SELECT {constant} AS a FROM range(100000)) TO {DuckSession.Literal(path)} (FORMAT parquet)", CancellationToken.None);
        }

        var size = new FileInfo(path).Length;
        Assert.IsLessThan(99_999L, size);

        var refusal = Refused(TableError.CorruptCompression, () => ReadAtMost(99_999));

        Assert.Contains($"from {size} to more than 99999 bytes", refusal.Message);
        Assert.AreEqual(100_000, ReadAtMost(1_000_000).RowCount);

        Table ReadAtMost(long bytes) => TableReader.Read(path, options: new ReadOptions { MaximumExpandedBytes = bytes });
    }

    [TestMethod]
    [DataRow("[", 100_000)]
    [DataRow("{\"a\":", 50_000)]
    [DataRow("[{\"a\":[", 30_000)]
    public void JsonThatIsDeepIsRefusedAndNotFollowed(string open, int times) =>
        Assert.ThrowsExactly<TableException>(() => TableReader.Read(Save(string.Concat(Enumerable.Repeat(open, times)), "t.json")));

    [TestMethod]
    [DataRow("../../t.csv")]
    [DataRow("/etc/passwd")]
    public void TheNameOfAFileLeadsNowhere(string name)
    {
        var table = TableReader.Read(Save("a,b\n1,2\n3,4\n"), fileName: name);
        Assert.AreEqual(2, table.RowCount);
    }

    [TestMethod]
    public void ATextInADeclaredEncodingItIsNotInIsRefused() => Refused(
        TableError.InvalidEncoding,
        () => TableReader.Read(Save("v\nM\u00fcller\n"u8.ToArray().Select(b => b == 0xC3 ? (byte)0xFF : b).ToArray()), options: new ReadOptions { Encoding = "utf-8" }));

    [TestMethod]
    public void AnUnknownEncodingIsRefused() =>
        Refused(TableError.InvalidEncoding, () => Read("a\n1\n", options: new ReadOptions { Encoding = "utf-99" }));

    [TestMethod]
    [DataRow("[{\"a\": 1}, {\"a\": ")]
    [DataRow("{\"a\": 1}\n{\"a\": 2\n{\"a\": 3}\n")]
    [DataRow("[1, 2, 3")]
    public void BrokenJsonIsRefused(string text) => Refused(TableError.UnsupportedFormat, () => TableReader.Read(Save(text, "t.json")));

    [TestMethod]
    public void ASchemaNamingUnknownColumnsIsRefused()
    {
        var refusal = Refused(
            TableError.UnknownColumn, () => Read("a,b\n1,2\n", SchemaFile.Parse("""{"columns": {"a": "numerical", "c": "categorical"}}""")));
        Assert.AreEqual("c", refusal.Column);
    }

    [TestMethod]
    public void TextInANumericalColumnIsRefusedWithItsRow()
    {
        var schema = SchemaFile.Parse("""{"columns": {"a": "numerical"}}""");
        var refusal = Refused(TableError.InvalidValue, () => Read("a,b\n1,2\nsecret,2\n", schema));
        Assert.AreEqual(2, refusal.Row);
        Assert.AreEqual("a", refusal.Column);
        Assert.DoesNotContain("secret", refusal.Message);
        Assert.IsTrue(Read("a,b\n1,2\nsecret,2\n", schema, new ReadOptions { InvalidValuesAreMissing = true })["a"].IsMissing(1));
    }

    [TestMethod]
    public void AFractionInADeclaredIntegerColumnIsRefused() =>
        Refused(TableError.InvalidValue, () => Read("a\n1\n1.5\n", SchemaFile.Parse("""{"columns": {"a": {"kind": "integer"}}}""")));

    [TestMethod]
    public void AThirdValueInABooleanColumnIsRefused() =>
        Refused(TableError.InvalidValue, () => Read("a\nyes\nno\nmaybe\n", SchemaFile.Parse("""{"columns": {"a": "boolean"}}""")));

    [TestMethod]
    public void AMissingValueWhereNoneIsAllowedIsRefused()
    {
        var schema = SchemaFile.Parse("""{"columns": {"a": {"kind": "integer", "nullable": false}}}""");
        Assert.AreEqual(2, Refused(TableError.InvalidValue, () => Read("a,b\n1,1\n,1\n", schema)).Row);
    }

    [TestMethod]
    public void ADateThatIsNoneIsRefusedWithItsRow()
    {
        var schema = SchemaFile.Parse("""{"columns": {"a": {"kind": "date", "format": "yyyy-MM-dd"}}}""");
        Assert.AreEqual(2, Refused(TableError.InvalidValue, () => Read("a\n2024-02-28\n2023-02-29\n", schema)).Row);
    }

    [TestMethod]
    public void TooManyColumnsAreRefused() =>
        Refused(TableError.TooManyColumns, () => Read("a,b,c\n1,2,3\n", options: new ReadOptions { MaximumColumns = 2 }));

    [TestMethod]
    public void AColumnAskedForThatIsNotThereIsRefused() =>
        Refused(TableError.UnknownColumn, () => Read("a\n1\n", options: new ReadOptions { Columns = ["b"] }));

    [TestMethod]
    public void ARequiredColumnThatIsNotThereIsRefused()
    {
        var schema = Read("a,b\n1,2\n").Schema;
        Assert.AreEqual("b", Refused(TableError.MissingColumn, () => TableReader.ReadAs(Save("a,c\n1,2\n"), schema)).Column);
    }

    [TestMethod]
    public void ALineTooLongToReadIsRefused() =>
        Refused(TableError.CellTooLarge, () => Read("a,b\n1," + new string('x', 30_000_000) + "\n2,y\n"));

    [TestMethod]
    public void ACancelledReadingStops()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => TableReader.Read(Save("a\n1\n"), cancellation: cancelled.Token));
    }

    [TestMethod]
    public void NothingIsLeftInTheTemporaryFolder()
    {
        var temporary = Directory.CreateDirectory(PathOf("temporary")).FullName;
        var options = new ReadOptions { TemporaryFolder = temporary };
        TableReader.Read(Save(Gzip("a,b\n1,2\n"), "t.csv.gz"), options: options);
        Assert.ThrowsExactly<TableException>(() => TableReader.Read(Save("a,b\n1\n"), options: options));
        Assert.IsEmpty(Directory.GetFileSystemEntries(temporary));
    }

    private static byte[] Gzip(string text)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return buffer.ToArray();
    }
}
