using System.Text.Json;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Private;
using SynthStudio.Synthesis.Training;
using SynthStudio.Tabular;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.Mixed;

/// <summary>A learned table whose network draws symbols and scalars: blocks, packages and weights; the network itself is the method's.</summary>
internal abstract class MixedModel : ITabularModel
{
    /// <summary>Rows that are drawn together. Part of reproducibility: the blocks of a sample depend on its number of rows only.</summary>
    private const int BlockRows = 4_096, FirstBlockRows = 512;

    private readonly float[] weights;
    private readonly Tensor flat;

    protected MixedModel(
        string method, MixedCodec codec, ParameterLayout parameters, float[] weights, IReadOnlyDictionary<string, double> metrics, ComputeDevice device,
        PrivacyStatement? privacy = null)
    {
        Privacy = privacy ?? PrivacyStatement.None;
        if (weights.LongLength != parameters.Count) throw new InvalidDataException("The number of weights does not match the network.");
        (Method, Codec, this.weights, Metrics, Device) = (method, codec, weights, metrics, device);
        flat = tensor(weights, device: device.Torch).DetachFromDisposeScope();
        Parameters = new ParameterSet(parameters, flat, trainable: false);
    }

    public string Method { get; }

    public TableSchema Schema => Codec.Table.Schema;

    public IReadOnlyDictionary<string, double> Metrics { get; }

    public PrivacyStatement Privacy { get; }

    protected MixedCodec Codec { get; }

    protected ParameterSet Parameters { get; }

    protected ComputeDevice Device { get; }

    public IEnumerable<Table> Sample(SampleRequest request, CancellationToken cancellation)
    {
        SampleRequests.Validate(request, Method);
        var conditions = new MixedConditions(Codec, request.Given);
        var draw = Prepare(request, conditions, cancellation);
        return Chunks.Resize(Blocks(request, conditions, draw, cancellation), request.FirstChunkRows, request.ChunkRows);
    }

    public void Save(Stream destination, PackageFacts facts)
    {
        var entries = new Dictionary<string, byte[]>(Codec.Entries())
        {
            ["network.json"] = NetworkSizes(),
            ["weights.bin"] = new TensorFile { Tensors = { ["weights"] = weights } }.ToBytes(),
        };
        ModelPackage.Write(destination, Method, Schema, facts, Metrics, entries, Privacy);
    }

    public virtual void Dispose()
    {
        Parameters.Dispose();
        flat.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="package">Verified.</param>
    /// <param name="build">Makes the model from its codec, the network's sizes and its weights.</param>
    /// <exception cref="SynthesisException">The package does not fit together.</exception>
    protected static TModel Read<TModel, TSizes>(ModelPackage package, Func<MixedCodec, TSizes, float[], TModel> build)
    {
        try
        {
            var sizes = JsonSerializer.Deserialize<TSizes>(package["network.json"]) ?? throw new JsonException("null");
            return build(MixedCodec.Read(package), sizes, TensorFile.FromBytes(package["weights.bin"]).Tensors["weights"]);
        }
        catch (Exception error) when (error is InvalidDataException or JsonException or KeyNotFoundException)
        {
            throw new SynthesisException(SynthesisError.PackageCorrupt, $"The model package is damaged: {error.Message}", inner: error);
        }
    }

    /// <summary>The network's sizes, as JSON.</summary>
    protected abstract byte[] NetworkSizes();

    /// <summary>Checks what is asked for, before any row is drawn.</summary>
    /// <param name="request">As asked.</param>
    /// <param name="conditions">What every row must meet.</param>
    /// <param name="cancellation">Looked at while a block is drawn, where that takes many steps.</param>
    /// <returns>Draws a block, from its number of rows and its number in the sample; called from several threads.</returns>
    /// <exception cref="SynthesisException">The method cannot meet the conditions.</exception>
    protected abstract Func<int, long, MixedRows> Prepare(SampleRequest request, MixedConditions conditions, CancellationToken cancellation);

    private IEnumerable<Table> Blocks(
        SampleRequest request, MixedConditions conditions, Func<int, long, MixedRows> draw, CancellationToken cancellation)
    {
        var blocks = new List<(long Number, long First, int Rows)>();
        for (long first = 0, number = 0; first < request.Rows; number++)
        {
            blocks.Add((number, first, (int)Math.Min(number == 0 ? FirstBlockRows : BlockRows, request.Rows - first)));
            first += blocks[^1].Rows;

            // The first block goes out on its own, soon; after it as many at once as there are threads.
            if (number > 0 && blocks.Count < Device.Threads && first < request.Rows) continue;
            cancellation.ThrowIfCancellationRequested();
            var tables = new Table[blocks.Count];
            Device.Run(blocks.Count, i =>
            {
                using var scope = NewDisposeScope();
                using var none = no_grad();
                tables[i] = conditions.Impose(Codec.Decode(draw(blocks[i].Rows, blocks[i].Number), blocks[i].Number, blocks[i].First, request.Seed));
                return 0;
            });
            blocks.Clear();
            foreach (var table in tables) yield return table;
        }
    }
}
