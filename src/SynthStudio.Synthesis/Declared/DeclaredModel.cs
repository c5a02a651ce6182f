using SynthStudio.Mock;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Private;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Declared;

/// <summary>A declaration, which is all that its package holds.</summary>
/// <param name="declaration">The declared schema, as JSON.</param>
/// <param name="table">The same, understood.</param>
/// <param name="threads">Blocks of rows that are made side by side; 0 means one a core.</param>
internal sealed class DeclaredModel(string declaration, MockTable table, int threads) : ITabularModel
{
    private const string DeclarationEntry = "declaration.json";

    /// <summary>Cells of a chunk, at most: of wide tables fewer rows are held together than may be.</summary>
    private const int MostCells = 1 << 20;

    public string Method => DeclaredSynthesizer.Name;

    public TableSchema Schema => table.Schema;

    public IReadOnlyDictionary<string, double> Metrics { get; } = new Dictionary<string, double>();

    public PrivacyStatement Privacy => PrivacyStatement.NoData;

    public IEnumerable<Table> Sample(SampleRequest request, CancellationToken cancellation)
    {
        SampleRequests.Validate(request, Method);
        var most = Math.Max(1, MostCells / Schema.Columns.Count);
        var rows = new MockRows(request.Rows)
        {
            First = request.FirstRow, FirstBlock = Math.Min(request.FirstChunkRows, most), Block = Math.Min(request.ChunkRows, most),
        };
        return table.Make(rows, request.Seed, threads, cancellation);
    }

    public void Save(Stream destination, PackageFacts facts) => ModelPackage.Write(
        destination, Method, Schema, facts, Metrics,
        new Dictionary<string, byte[]> { [DeclarationEntry] = System.Text.Encoding.UTF8.GetBytes(declaration) },
        Privacy);

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="SynthesisException">The package does not fit together.</exception>
    public static DeclaredModel Load(ModelPackage package, int threads)
    {
        var declaration = System.Text.Encoding.UTF8.GetString(package[DeclarationEntry]);
        try
        {
            return new DeclaredModel(declaration, MockTable.Parse(declaration), threads);
        }
        catch (MockSchemaException wrong)
        {
            throw new SynthesisException(SynthesisError.PackageCorrupt, $"The declaration in the model package cannot be used: {wrong.Message}", inner: wrong);
        }
    }

    public void Dispose()
    {
    }
}
