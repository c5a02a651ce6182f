using SynthStudio.Synthesis.Cells;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Packages;

namespace SynthStudio.Synthesis.Independent;

/// <summary>The columns' own distributions; the codec holds them all.</summary>
internal sealed class IndependentModel(TableCodec codec, IReadOnlyDictionary<string, double> metrics, int threads)
    : CellModel(codec, metrics, threads)
{
    public override string Method => IndependentSynthesizer.Name;

    /// <exception cref="SynthesisException">The package holds no codec.</exception>
    public static IndependentModel Load(ModelPackage package, int threads) =>
        new(TableCodec.FromJson(package[CodecEntry]), package.Manifest.Metrics, threads);

    protected override IReadOnlyDictionary<string, byte[]> Entries() => new Dictionary<string, byte[]>();

    protected override ICellSampler Prepare(CellConditions conditions, double temperature, long seed) =>
        new IndependentSampler([.. Codec.Modelled.Select(c => Codec.Columns[c].Layout)], conditions, temperature);
}
