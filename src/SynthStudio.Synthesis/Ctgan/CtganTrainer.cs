using System.Numerics.Tensors;
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
/// both are taken before either is updated. On the CPU: see <see cref="CtganCritic"/>.
/// </summary>
internal sealed class CtganTrainer(
    CtganShape shape, MixedRows rows, RowSplit split, CtganBatches batches) : ITrainable
{
    /// <summary>
    /// Rows drawn and rows of the table that are compared to choose the best weights, held-back ones first. Few rows differ by chance more than networks
    /// do, and an adversarial network hardly learns rows by heart: so training rows count too.
    /// </summary>
    private const int ValidationRows = 10_000;

    private const int CalibrationBatches = 20, CalibrationRows = 500;

    private readonly ConditionRows rowsByCondition = new(shape.Conditions, rows, split.Training);
    private readonly PairDistance distance = new(shape.Layout, rows, [.. split.HeldBack.Concat(split.Training).Take(ValidationRows)]);

    /// <summary>By shard: its part of the rows that are being compared; and how many parts were drawn so far.</summary>
    private readonly MixedRows[] drawn = new MixedRows[batches.Shards];
    private int draws;

    public ParameterLayout Parameters => shape.Parameters;

    public int Shards => batches.Shards;

    /// <summary>The critic's updates; the last one is the generator's too.</summary>
    public IReadOnlyList<int[]> Phases { get; } =
        [.. Enumerable.Repeat(new[] { CtganShape.Critic }, batches.CriticSteps - 1), [CtganShape.Critic, CtganShape.Generator]];

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
        private readonly GeneratorStep generator;
        private readonly CtganCritic critic;
        private readonly GeneratorHeads heads;
        private readonly float[] z, rows, outputs, byDrawn;
        private readonly long[] conditions, places;
        private readonly (int Column, int Symbol)[] asked;

        public Bound(CtganTrainer trainer, ParameterSet parameters)
        {
            (this.trainer, this.parameters, shape) = (trainer, parameters, trainer.Shape);
            var shardRows = trainer.ShardRows;
            generator = new GeneratorStep(shape, parameters, shardRows);
            critic = new CtganCritic(shape, parameters, shardRows / shape.Sizes.Pac);
            heads = new GeneratorHeads(shape.Layout, shardRows);
            z = new float[shardRows * shape.Sizes.EmbeddingDim];
            (outputs, byDrawn) = (new float[shardRows * shape.Layout.Width], new float[shardRows * shape.Layout.Width]);
            rows = new float[2 * outputs.Length];
            (conditions, places) = (new long[shardRows], new long[shardRows]);
            asked = new (int, int)[shape.Conditions.Count > 0 ? shardRows : 0];
        }

        public double Accumulate(long step, int phase, int shard)
        {
            using var scope = NewDisposeScope();
            var number = (step * trainer.Phases.Count + phase) * trainer.Shards + shard;
            new SeededLanes(new SeededStream(trainer.Seed, StreamPurpose.TrainingNoise, number)).FillNormal(z);
            var random = new SeededStream(trainer.Seed, StreamPurpose.TrainingBatch, number);
            Span<float> real = rows.AsSpan(0, outputs.Length), drawn = rows.AsSpan(outputs.Length);
            DrawConditions(random, real);
            generator.Forward(z, conditions, outputs);
            heads.Forward(outputs, random, drawn);
            var share = 1f / trainer.Shards;
            var loss = critic.Accumulate(rows, places, share, random, byDrawn);
            if (phase < trainer.Phases.Count - 1) return loss;

            // The generator wants to be judged as high as the critic judges it low.
            TensorPrimitives.Negate(byDrawn, byDrawn);
            var crossEntropy = heads.Backward(outputs, drawn, asked, share, byDrawn);
            generator.Backward(conditions, byDrawn);
            return loss + crossEntropy;
        }

        /// <summary>Distance of drawn rows from those of the table: every shard draws its part, the last one to have done so measures all.</summary>
        public double Validate(int shard)
        {
            using var scope = NewDisposeScope();
            var sampler = new CtganSampler(shape, parameters, statistics: null, CPU);
            trainer.drawn[shard] = sampler.Draw(ValidationRows / trainer.Shards, trainer.Seed, StreamPurpose.ValidationNoise, shard);
            return Interlocked.Increment(ref trainer.draws) % trainer.Shards == 0 ? trainer.distance.To(trainer.drawn) : 0;
        }

        public void Dispose()
        {
            generator.Dispose();
            critic.Dispose();
        }

        /// <summary>Draws conditions, and real rows that meet them.</summary>
        private void DrawConditions(SeededStream random, Span<float> real)
        {
            real.Clear();
            int pac = shape.Sizes.Pac, stride = Math.Max(shape.Conditions.Count, 1);
            for (var i = 0; i < conditions.Length; i++)
            {
                conditions[i] = shape.Conditions.DrawForTraining(random);
                places[i] = conditions[i] + i % pac * stride;
                if (asked.Length > 0) asked[i] = (shape.Conditions.Column[conditions[i]], shape.Conditions.Symbol[conditions[i]]);
                trainer.Spelled.SpellOut(trainer.RowsByCondition.Draw((int)conditions[i], random), real.Slice(i * shape.Layout.Width, shape.Layout.Width));
            }
        }
    }

    private CtganShape Shape => shape;

    private SpelledRows Spelled { get; } = new(shape.Layout, rows);

    private ConditionRows RowsByCondition => rowsByCondition;

    private long Seed => batches.Seed;
}
