using SynthStudio.Synthesis.Ctgan;
using SynthStudio.Synthesis.DpSgd;
using SynthStudio.Synthesis.Mixed;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Synthesis.Training;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.DpCtgan;

/// <summary>
/// Generator against critic (Wasserstein loss with gradient penalty). Only the critic's judgement of real rows touches records: that gradient is clipped
/// and noised. What it thinks of drawn rows, its penalty and the whole generator follow from what is public already. Drawn rows are clipped like real
/// ones, though nothing demands it, so that both weigh the same.
/// </summary>
/// <param name="shape">Both networks, without conditions: real rows chosen by a condition would not be a Poisson sample.</param>
/// <param name="rows">The encoded table.</param>
/// <param name="batch">The records of the step.</param>
/// <param name="recordNorm">What a row's gradient is clipped to.</param>
/// <param name="fakeRows">Rows drawn in a step.</param>
/// <param name="criticSteps">Steps of the critic for one of the generator.</param>
/// <param name="shards">Parts of a step that are computed side by side.</param>
/// <param name="seed">Of initial weights and of drawn rows.</param>
/// <param name="device">Where the tensors live.</param>
internal sealed class DpCtganTrainable(
    CtganShape shape, MixedRows rows, PoissonBatch batch, double recordNorm, int fakeRows, int criticSteps, int shards, long seed,
    TorchSharp.torch.Device device)
    : ITrainable
{
    private const double PenaltyWeight = 10;

    private const int CriticPhase = 0, GeneratorPhase = 1;

    public ParameterLayout Parameters => shape.Parameters;

    public int Shards => shards;

    public IReadOnlyList<int[]> Phases { get; } = [[CtganShape.Critic], [CtganShape.Generator]];

    public bool Runs(long step, int phase) => phase == CriticPhase || (step + 1) % criticSteps == 0;

    public float[] InitialParameters() => shape.Initial(seed);

    public IBoundNetwork Bind(ParameterSet parameters) =>
        new Bound(this, parameters, new PrivateTrainable.Bound(
            shape.Parameters, CtganShape.Critic, batch, recordNorm, parameters, new RealRows(shape, rows, device)));

    /// <summary>The critic's loss on real rows: it judges them as low as it can.</summary>
    private sealed class RealRows(CtganShape shape, MixedRows rows, TorchSharp.torch.Device device) : IRecordNetwork
    {
        private readonly MixedBatch real = new(shape.Layout, rows, PrivateTrainable.MicroBatch);

        public Tensor Loss(ReadOnlySpan<int> records, ILayers layers)
        {
            real.Clear();
            foreach (var record in records) real.Add(record);
            return DpCtganCritic.Judge(cat([real.Scalars(device), real.Symbols(device)], 1), layers).sum().neg();
        }

        public void Dispose()
        {
        }
    }

    private sealed class Bound(DpCtganTrainable trainable, ParameterSet parameters, PrivateTrainable.Bound critic) : IBoundNetwork
    {
        private readonly CtganGenerator generator = new(trainable.Shape, parameters);
        private readonly SpanSoftmax softmax = new(trainable.Shape.Layout, trainable.Device);
        private readonly NoiseSource noise = new(trainable.Device);
        private readonly TappedLayers layers = new(parameters);
        private readonly int drawn = Math.Max(trainable.FakeRows / trainable.Shards, 1);
        private readonly ClippedSum clipped = new(trainable.RecordNorm, 1.0 / (Math.Max(trainable.FakeRows / trainable.Shards, 1) * trainable.Shards));

        public double Accumulate(long step, int phase, int shard) =>
            phase == CriticPhase ? critic.Accumulate(step, phase, shard) : 0;

        public void AccumulatePublic(long step, int phase, int shard)
        {
            using var scope = NewDisposeScope();
            noise.Begin(trainable.Seed, StreamPurpose.TrainingNoise, (step * trainable.Phases.Count + phase) * trainable.Shards + shard);
            if (phase == GeneratorPhase)
            {
                (DpCtganCritic.Judge(Draw(), parameters).mean().neg() / trainable.Shards).backward();
                return;
            }

            Tensor fake;
            using (no_grad()) fake = Draw();
            layers.Clear();
            clipped.Add(DpCtganCritic.Judge(fake, layers).sum(), layers);
            (DpCtganCritic.Penalty(fake, parameters) * (PenaltyWeight * trainable.RecordNorm / trainable.Shards)).backward();
        }

        public double Validate(int shard) => throw new NotSupportedException("A private training holds no rows back.");

        public void Dispose()
        {
            softmax.Dispose();
            noise.Dispose();
            critic.Dispose();
        }

        private Tensor Draw()
        {
            var (scalars, logits) = generator.Forward(
                noise.Normal(drawn, trainable.Shape.Sizes.EmbeddingDim), zeros(drawn, dtype: ScalarType.Int64, device: trainable.Device));
            return CtganGenerator.Soften(scalars, logits, softmax, noise);
        }
    }

    private CtganShape Shape => shape;

    private int FakeRows => fakeRows;

    private double RecordNorm => recordNorm;

    private long Seed => seed;

    private TorchSharp.torch.Device Device => device;
}
