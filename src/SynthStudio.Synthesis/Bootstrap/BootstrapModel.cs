using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Private;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Bootstrap;

/// <summary>The training rows themselves.</summary>
/// <param name="codec">Reads conditions and makes fresh keys.</param>
/// <param name="rows">The training rows.</param>
/// <param name="metrics">What training measured: nothing.</param>
internal sealed class BootstrapModel(TableCodec codec, Table rows, IReadOnlyDictionary<string, double> metrics) : ITabularModel
{
    private const string Caution =
        "This package contains the training rows and its samples are copies of them; only identifiers are made anew. "
        + "It is a baseline for reports: do not share the package or what is drawn from it.";

    private const string CodecEntry = "codec.json";

    public string Method => BootstrapSynthesizer.Name;

    public TableSchema Schema => codec.Schema;

    public IReadOnlyDictionary<string, double> Metrics { get; } = metrics;

    public PrivacyStatement Privacy { get; } = PrivacyStatement.None with { Outside = [Caution] };

    public IEnumerable<Table> Sample(SampleRequest request, CancellationToken cancellation)
    {
        SampleRequests.Validate(request, Method);
        var sampler = new BootstrapSampler(codec, rows, request.Given);
        return Chunks.Resize(sampler.Blocks(request, cancellation), request.FirstChunkRows, request.ChunkRows);
    }

    public void Save(Stream destination, PackageFacts facts) => ModelPackage.Write(
        destination, Method, Schema, facts, Metrics, new Dictionary<string, byte[]>(StoredRows.Write(rows)) { [CodecEntry] = codec.ToJson() }, Privacy);

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="SynthesisException">The package does not fit together.</exception>
    public static BootstrapModel Load(ModelPackage package)
    {
        var codec = TableCodec.FromJson(package[CodecEntry]);
        return new BootstrapModel(codec, StoredRows.Read(package, codec.Schema), package.Manifest.Metrics);
    }

    public void Dispose()
    {
    }
}
