using System.IO.Compression;
using System.Text.Json.Nodes;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Refinement;

/// <summary>
/// Two independent numbers, and whether they have the same sign, which is told wrong in one row of twenty: no two columns depend on each
/// other, all three do.
/// </summary>
internal static class AgreementTable
{
    /// <summary>Columns same, a, b.</summary>
    public static Table Make(int rows, long seed)
    {
        var random = new SeededStream(seed, StreamPurpose.Codec, 3_000);
        var (a, b, same) = (new double[rows], new double[rows], new string[rows]);
        for (var row = 0; row < rows; row++)
        {
            (a[row], b[row]) = (Math.Round(random.NextGaussian(), 2), Math.Round(random.NextGaussian(), 2));
            same[row] = a[row] >= 0 == b[row] >= 0 == random.NextDouble() < 0.95 ? "yes" : "no";
        }

        return TestTables.Make(
            TestTables.Coded("same", ColumnKind.Boolean, same), TestTables.Numbers("a", ColumnKind.Decimal, a, 2), TestTables.Numbers("b", ColumnKind.Decimal, b, 2));
    }

    /// <summary>What a row says of itself.</summary>
    public static bool Same(Table table, int row) => ((CodedColumn)table["same"]).Text(row) == "yes";

    /// <summary>Whether that is so.</summary>
    public static bool Agrees(Table table, int row) =>
        Same(table, row) == (((NumericColumn)table["a"]).Values[row] >= 0 == ((NumericColumn)table["b"]).Values[row] >= 0);

    /// <summary>A model's package as it was written when no column was drawn again.</summary>
    public static MemoryStream WithoutResamplers(Stream package)
    {
        const string left = "resamplers.bin";
        var changed = new MemoryStream();
        package.CopyTo(changed);
        using (var zip = new ZipArchive(changed, ZipArchiveMode.Update, leaveOpen: true))
        {
            zip.GetEntry(left)!.Delete();
            var entry = zip.GetEntry("manifest.json")!;
            entry.Comment = ""; // Such packages had no checksum of it.
            using var stream = entry.Open();
            var manifest = JsonNode.Parse(stream)!;
            Assert.IsTrue(manifest.AsObject().Remove("HasChecksum"));
            Assert.IsTrue(manifest["Entries"]!.AsObject().Remove(left));
            stream.SetLength(0);
            stream.Write(System.Text.Encoding.UTF8.GetBytes(manifest.ToJsonString()));
        }

        changed.Position = 0;
        return changed;
    }
}
