using SynthStudio.Synthesis.Mixed;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Synthesis.Training;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.Diffusion;

/// <summary>
/// Denoising of rows at random times. In a share of the rows some columns are given, clean and marked as such (as in CSDI, arXiv:2107.03502),
/// so that the network learns to draw the others given these.
/// </summary>
/// <param name="shape">The network.</param>
/// <param name="rows">The encoded table.</param>
/// <param name="split">Rows to learn from and to validate on.</param>
/// <param name="batchRows">Rows in a step; a multiple of <paramref name="shards"/>.</param>
/// <param name="shards">Parts of a batch.</param>
/// <param name="seed">Of the order of rows and the noise.</param>
/// <param name="device">Where the tensors live.</param>
internal sealed class DiffusionTrainer(
    DiffusionShape shape, MixedRows rows, RowSplit split, int batchRows, int shards, long seed, TorchSharp.torch.Device device) : ITrainable
{
    /// <summary>Share of the rows in which columns are given.</summary>
    private const double GivenShare = 0.3;

    /// <summary>Times and masks that each held-back row is measured with.</summary>
    private const int ValidationTimes = 4;

    private readonly EpochOrder order = new(split.Training, seed);

    public ParameterLayout Parameters => shape.Parameters;

    public int Shards => shards;

    private int ShardRows => batchRows / shards;

    public float[] InitialParameters() => shape.Initial(seed);

    public IBoundNetwork Bind(ParameterSet parameters) => new Bound(this, parameters);

    private sealed class Bound(DiffusionTrainer trainer, ParameterSet parameters) : IBoundNetwork
    {
        private readonly DiffusionNetwork network = new(trainer.Shape, parameters);
        private readonly SpanSoftmax softmax = new(trainer.Shape.Layout, trainer.Device);
        private readonly NoiseSource noise = new(trainer.Device);
        private readonly MixedBatch batch = new(trainer.Shape.Layout, trainer.Rows, trainer.ShardRows);
        private readonly DiffusionBatch times = new(trainer.Shape.Layout, trainer.ShardRows);

        public double Accumulate(long step, int phase, int shard)
        {
            using var scope = NewDisposeScope();
            var number = step * trainer.Shards + shard;
            var random = new SeededStream(trainer.Seed, StreamPurpose.TrainingBatch, number);
            noise.Begin(trainer.Seed, StreamPurpose.TrainingNoise, number);
            batch.Clear();
            times.Clear();
            for (var i = 0; i < trainer.ShardRows; i++)
            {
                batch.Add(trainer.Order[number * trainer.ShardRows + i]);
                times.Add(random, (i + random.NextDouble()) / trainer.ShardRows, GivenShare);
            }

            var loss = Loss() / (trainer.ShardRows * trainer.Shards);
            loss.backward();
            return loss.item<float>();
        }

        public double Validate(int shard)
        {
            var heldBack = trainer.HeldBack;
            var total = heldBack.Length * ValidationTimes;
            double sum = 0;
            for (var block = shard * trainer.ShardRows; block < total; block += trainer.ShardRows * trainer.Shards)
            {
                using var scope = NewDisposeScope();
                var random = new SeededStream(trainer.Seed, StreamPurpose.ValidationBatch, block);
                noise.Begin(trainer.Seed, StreamPurpose.ValidationNoise, block);
                batch.Clear();
                times.Clear();
                for (var i = block; i < Math.Min(block + trainer.ShardRows, total); i++)
                {
                    batch.Add(heldBack[i / ValidationTimes]);
                    times.Add(random, (i % ValidationTimes + 0.5) / ValidationTimes, givenShare: 0);
                }

                sum += Loss().item<float>();
            }

            return sum / total;
        }

        public void Dispose()
        {
            softmax.Dispose();
            noise.Dispose();
        }

        /// <summary>Squared errors of the scalars and weighted cross-entropies of the masked symbols, summed over the rows.</summary>
        private Tensor Loss()
        {
            var device = trainer.Device;
            var (symbols, seen, isGiven, sigma, time, weight) = (
                batch.Symbols(device), times.SeenSymbols(device), times.GivenScalars(device), times.Sigma(device), times.Time(device), times.Weight(device));
            var x = batch.Scalars(device) * NoiseSchedule.ScalarScale;
            var hasScalar = batch.ScalarMask(device);

            // A row without a scalar has noise in its place, which tells nothing.
            x = x * hasScalar + noise.Normal(x.shape) * (1 - hasScalar);
            var noisy = x + noise.Normal(x.shape) * sigma;
            var norm = (sigma.square() + 1).sqrt();
            var (f, logits) = network.Forward(noisy / norm * (1 - isGiven), x * isGiven, isGiven, symbols * seen, time);

            // F is to be (x - noisy / norm^2) norm / sigma.
            var target = (x - noisy / norm.square()) * norm / sigma;
            var squares = ((f - target).square() * hasScalar * (1 - isGiven)).sum() * 0.5;
            var masked = (1 - times.SeenColumns(device)) * weight;
            var perColumn = softmax.LogNormaliser(logits) - softmax.Sum(logits * symbols);
            return squares + (perColumn * masked).sum();
        }
    }

    private DiffusionShape Shape => shape;

    private MixedRows Rows => rows;

    private EpochOrder Order => order;

    private int[] HeldBack => split.HeldBack;

    private long Seed => seed;

    private TorchSharp.torch.Device Device => device;
}
