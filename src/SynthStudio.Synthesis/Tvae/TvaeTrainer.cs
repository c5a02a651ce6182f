using SynthStudio.Synthesis.Mixed;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Synthesis.Training;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.Tvae;

/// <summary>The evidence bound on batches of a table.</summary>
/// <param name="shape">The network.</param>
/// <param name="rows">The encoded table.</param>
/// <param name="split">Rows to learn from and to validate on.</param>
/// <param name="batchRows">Rows in a step; a multiple of <paramref name="shards"/>.</param>
/// <param name="shards">Parts of a batch.</param>
/// <param name="lossFactor">Weight of the reconstruction.</param>
/// <param name="seed">Of the order of rows and the noise.</param>
/// <param name="device">Where the tensors live.</param>
internal sealed class TvaeTrainer(
    TvaeShape shape, MixedRows rows, RowSplit split, int batchRows, int shards, double lossFactor, long seed, TorchSharp.torch.Device device) : ITrainable
{
    private readonly EpochOrder order = new(split.Training, seed);

    public ParameterLayout Parameters => shape.Parameters;

    public int Shards => shards;

    public float[] InitialParameters() => shape.Initial(seed);

    public IBoundNetwork Bind(ParameterSet parameters) => new Bound(this, new TvaeNetwork(shape, parameters));

    /// <summary>Negative bound, summed over the rows.</summary>
    private Tensor Loss(TvaeNetwork network, SpanSoftmax softmax, MixedBatch batch, NoiseSource noise)
    {
        var (scalars, symbols) = (batch.Scalars(device), batch.Symbols(device));
        var (mean, logVariance) = network.Encode(scalars, symbols);
        var z = mean + (logVariance * 0.5).exp() * noise.Normal(batch.Rows, shape.EmbeddingDim);
        var (scalarMeans, logits) = network.Decode(z);
        var reconstruction = softmax.LogNormaliser(logits).sum() - (logits * symbols).sum();
        if (shape.Layout.Scalars > 0)
        {
            var sigma = network.Sigma;
            var error = (scalars - scalarMeans) / sigma;
            reconstruction = reconstruction + ((error * error * 0.5 + sigma.log()) * batch.ScalarMask(device)).sum();
        }

        var divergence = (mean * mean + logVariance.exp() - logVariance - 1).sum() * 0.5;
        return reconstruction * lossFactor + divergence;
    }

    private sealed class Bound(TvaeTrainer trainer, TvaeNetwork network) : IBoundNetwork
    {
        private readonly SpanSoftmax softmax = new(trainer.Layout, trainer.Device);
        private readonly NoiseSource noise = new(trainer.Device);
        private readonly MixedBatch batch = new(trainer.Layout, trainer.Rows, trainer.ShardRows);

        public double Accumulate(long step, int phase, int shard)
        {
            using var scope = NewDisposeScope();
            noise.Begin(trainer.Seed, StreamPurpose.TrainingNoise, step * trainer.Shards + shard);
            batch.Clear();
            var first = (step * trainer.Shards + shard) * trainer.ShardRows;
            for (var i = 0; i < trainer.ShardRows; i++) batch.Add(trainer.Order[first + i]);
            var loss = trainer.Loss(network, softmax, batch, noise) / (trainer.ShardRows * trainer.Shards);
            loss.backward();
            return loss.item<float>();
        }

        public double Validate(int shard)
        {
            var heldBack = trainer.HeldBack;
            double sum = 0;
            for (var block = shard * trainer.ShardRows; block < heldBack.Length; block += trainer.ShardRows * trainer.Shards)
            {
                using var scope = NewDisposeScope();
                noise.Begin(trainer.Seed, StreamPurpose.ValidationNoise, block);
                batch.Clear();
                for (var i = block; i < Math.Min(block + trainer.ShardRows, heldBack.Length); i++) batch.Add(heldBack[i]);
                sum += trainer.Loss(network, softmax, batch, noise).item<float>();
            }

            return sum / heldBack.Length;
        }

        public void Dispose()
        {
            softmax.Dispose();
            noise.Dispose();
        }
    }

    private MixedLayout Layout => shape.Layout;

    private MixedRows Rows => rows;

    private EpochOrder Order => order;

    private int[] HeldBack => split.HeldBack;

    private int ShardRows => batchRows / shards;

    private long Seed => seed;

    private TorchSharp.torch.Device Device => device;
}
