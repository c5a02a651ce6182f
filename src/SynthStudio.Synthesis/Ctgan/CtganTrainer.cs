using SynthStudio.Synthesis.Mixed;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Synthesis.Training;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.Ctgan;

/// <summary>How the two networks are trained.</summary>
/// <param name="BatchRows">Rows in a step; a multiple of shards times pac.</param>
/// <param name="Shards">Parts of a batch.</param>
/// <param name="CriticSteps">Updates of the critic in a step.</param>
/// <param name="Seed">Of conditions, rows and noise.</param>
internal sealed record CtganBatches(int BatchRows, int Shards, int CriticSteps, long Seed);

/// <summary>
/// Generator against critic (Wasserstein loss with gradient penalty), with training by sampling: each row has a condition, and the real row it
/// is compared with is drawn among those that meet it. Both networks learn from the same drawn rows and the same judgement of them: the gradients of
/// both are taken before either is updated.
/// </summary>
internal sealed class CtganTrainer(
    CtganShape shape, MixedRows rows, RowSplit split, CtganBatches batches, TorchSharp.torch.Device device) : ITrainable
{
    /// <summary>
    /// Rows drawn and rows of the table that are compared to choose the best weights, held-back ones first. Few rows differ by chance more than networks
    /// do, and an adversarial network hardly learns rows by heart: so training rows count too.
    /// </summary>
    private const int ValidationRows = 10_000;

    private const int CalibrationBatches = 20, CalibrationRows = 500;

    private readonly ConditionRows rowsByCondition = new(shape.Conditions, rows, split.Training);

    public ParameterLayout Parameters => shape.Parameters;

    public int Shards => batches.Shards;

    public IReadOnlyList<int> Phases { get; } = [.. Enumerable.Repeat(CtganShape.Critic, batches.CriticSteps), CtganShape.Generator];

    private int ShardRows => batches.BatchRows / batches.Shards;

    public float[] InitialParameters() => shape.Initial(batches.Seed);

    public IBoundNetwork Bind(ParameterSet parameters) => new Bound(this, parameters);

    /// <summary>The statistics that the trained generator's normalisations use from now on.</summary>
    public static NormStatistics Calibrate(CtganShape shape, ParameterSet parameters, long seed, TorchSharp.torch.Device device)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        using var noise = new NoiseSource(device);
        var statistics = new NormStatistics();
        var generator = new CtganGenerator(shape, parameters);
        for (var b = 0; b < CalibrationBatches; b++)
        {
            using var batch = NewDisposeScope();
            noise.Begin(seed, StreamPurpose.Calibration, b);
            var random = new SeededStream(seed, StreamPurpose.Calibration, b);
            var conditions = Array.ConvertAll(new long[CalibrationRows], _ => (long)shape.Conditions.DrawForTraining(random));
            generator.Forward(noise.Normal(CalibrationRows, shape.Sizes.EmbeddingDim), tensor(conditions, device: device), statistics);
        }

        return statistics;
    }

    private sealed class Bound : IBoundNetwork
    {
        private readonly CtganTrainer trainer;
        private readonly CtganShape shape;
        private readonly ParameterSet parameters;
        private readonly CtganGenerator generator;
        private readonly CtganCritic critic;
        private readonly GeneratorHeads heads;
        private readonly NoiseSource noise;
        private readonly MixedBatch batch;
        private readonly long[] conditions, places;
        private readonly (int Column, int Symbol)[] asked;
        private readonly float[] outputs, rows, gradient;
        private double generatorLoss;

        public Bound(CtganTrainer trainer, ParameterSet parameters)
        {
            (this.trainer, this.parameters, shape) = (trainer, parameters, trainer.Shape);
            generator = new CtganGenerator(shape, parameters);
            critic = new CtganCritic(parameters);
            heads = new GeneratorHeads(shape.Layout, trainer.ShardRows);
            noise = new NoiseSource(trainer.Device);
            batch = new MixedBatch(shape.Layout, trainer.Rows, trainer.ShardRows);
            (conditions, places) = (new long[trainer.ShardRows], new long[trainer.ShardRows]);
            (outputs, gradient) = (new float[trainer.ShardRows * shape.Layout.Width], new float[trainer.ShardRows * shape.Layout.Width]);
            rows = new float[2 * outputs.Length];
            asked = new (int, int)[shape.Conditions.Count > 0 ? trainer.ShardRows : 0];
        }

        public double Accumulate(long step, int phase, int shard)
        {
            // The last of the critic's phases brought the generator's gradients too.
            if (trainer.Phases[phase] == CtganShape.Generator) return generatorLoss;
            using var scope = NewDisposeScope();
            var number = (step * trainer.Phases.Count + phase) * trainer.Shards + shard;
            noise.Begin(trainer.Seed, StreamPurpose.TrainingNoise, number);
            var random = new SeededStream(trainer.Seed, StreamPurpose.TrainingBatch, number);
            DrawConditions(random);
            var forBoth = trainer.Phases[phase + 1] == CtganShape.Generator;
            using var mode = forBoth ? enable_grad() : no_grad();
            var output = generator.Output(noise.Normal(trainer.ShardRows, shape.Sizes.EmbeddingDim), tensor(conditions, device: trainer.Device));
            output.CopyTo(outputs);
            batch.CopyTo(rows);
            var drawn = rows.AsSpan(outputs.Length);
            heads.Forward(outputs, random, drawn);
            using var always = enable_grad();
            var (loss, byDrawn) = critic.Accumulate(
                from_array(rows, device: trainer.Device).view(-1, shape.Sizes.Pac * shape.Layout.Width), PackConditions(), 1.0 / trainer.Shards, noise);
            if (!forBoth) return loss;

            // The generator wants to be judged as high as the critic judges it low.
            byDrawn.neg_().CopyTo(gradient);
            generatorLoss = heads.Backward(outputs, drawn, asked, gradient) / trainer.Shards;
            var byOutput = from_array(gradient, device: trainer.Device).view(output.shape);
            autograd.backward(output, byOutput.div_(trainer.Shards));
            return loss;
        }

        /// <summary>Distance of drawn rows from those of the table, all of it measured by the first shard.</summary>
        public double Validate(int shard)
        {
            if (shard > 0) return 0;
            using var scope = NewDisposeScope();
            noise.Begin(trainer.Seed, StreamPurpose.ValidationNoise, 0);
            var sampler = new CtganSampler(shape, parameters, statistics: null, trainer.Device);
            return PairDistance.Between(shape.Layout, trainer.Rows, trainer.Compared, sampler.Draw(ValidationRows, trainer.Seed, StreamPurpose.ValidationNoise, 0));
        }

        public void Dispose() => noise.Dispose();

        /// <summary>Draws conditions, and real rows that meet them.</summary>
        private void DrawConditions(SeededStream random)
        {
            batch.Clear();
            int pac = shape.Sizes.Pac, stride = Math.Max(shape.Conditions.Count, 1);
            for (var i = 0; i < conditions.Length; i++)
            {
                conditions[i] = shape.Conditions.DrawForTraining(random);
                places[i] = conditions[i] + i % pac * stride;
                if (asked.Length > 0) asked[i] = (shape.Conditions.Column[conditions[i]], shape.Conditions.Symbol[conditions[i]]);
                batch.Add(trainer.RowsByCondition.Draw((int)conditions[i], random));
            }
        }

        private Tensor PackConditions() => tensor(places, device: trainer.Device).view(-1, shape.Sizes.Pac);
    }

    private CtganShape Shape => shape;

    private MixedRows Rows => rows;

    private ConditionRows RowsByCondition => rowsByCondition;

    private int[] Compared { get; } = [.. split.HeldBack.Concat(split.Training).Take(ValidationRows)];

    private long Seed => batches.Seed;

    private TorchSharp.torch.Device Device => device;
}
