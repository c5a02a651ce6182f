using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Synthesis.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.Autoregressive;

/// <summary>How the network is trained.</summary>
/// <param name="BatchRows">Rows in a step; a multiple of <paramref name="Shards"/>.</param>
/// <param name="Shards">Parts of a batch.</param>
/// <param name="Dropout">Share of the hidden units that a step leaves out.</param>
/// <param name="Seed">Of orders, cuts, the order of rows and what is left out.</param>
internal sealed record AutoregressiveBatches(int BatchRows, int Shards, double Dropout, long Seed);

/// <summary>The network's loss on batches of a table.</summary>
/// <param name="shape">The network.</param>
/// <param name="rows">The table, modelled columns only.</param>
/// <param name="trainingRows">Rows to learn from.</param>
/// <param name="heldBackRows">Rows to validate on.</param>
/// <param name="batches">How it is trained.</param>
/// <param name="device">Where the tensors live.</param>
/// <param name="start">Weights to start from; null starts from random ones.</param>
internal sealed class AutoregressiveTrainer(
    NetworkShape shape, IEncodedRows rows, int[] trainingRows, int[] heldBackRows,
    AutoregressiveBatches batches, TorchSharp.torch.Device device, float[]? start = null)
    : ITrainable
{
    /// <summary>Orders and cuts that each held-back row is measured with.</summary>
    private const int ValidationMasks = 4;

    private readonly EpochOrder order = new(trainingRows, batches.Seed);

    public ParameterLayout Parameters => shape.Parameters;

    public int Shards => batches.Shards;

    public float[] InitialParameters() => start ?? shape.Initial(batches.Seed);

    public IBoundNetwork Bind(ParameterSet parameters) => new Bound(this, new AutoregressiveNetwork(shape, parameters));

    private sealed class Bound(AutoregressiveTrainer trainer, AutoregressiveNetwork network) : IBoundNetwork
    {
        private readonly NoiseSource noise = new(trainer.Device);
        private readonly int shardRows = trainer.ShardRows;
        private readonly AutoregressiveBatch batch = new(trainer.Tokens, trainer.Rows, trainer.ShardRows);
        private readonly ColumnSums columnSums = new(trainer.Tokens, trainer.Device);

        public double Accumulate(long step, int phase, int shard)
        {
            using var scope = NewDisposeScope();
            var random = new SeededStream(trainer.Seed, StreamPurpose.TrainingBatch, step * trainer.Shards + shard);
            batch.Clear();
            var first = step * trainer.BatchRows + (long)shard * shardRows;
            for (var i = 0; i < shardRows; i++) batch.Add(trainer.Order[first + i], random);

            noise.Begin(trainer.Seed, StreamPurpose.TrainingNoise, step * trainer.Shards + shard);
            using Scalar share = 1.0 / trainer.BatchRows;
            var loss = Loss(trainer.Dropout > 0 ? size => noise.Keep(trainer.Dropout, size) : null).mul(share);
            loss.backward();
            return loss.item<float>();
        }

        public double Validate(int shard)
        {
            var rows = trainer.HeldBackRows;
            var total = rows.Length * ValidationMasks;
            double sum = 0;
            for (var block = shard * shardRows; block < total; block += shardRows * trainer.Shards)
            {
                using var scope = NewDisposeScope();
                var random = new SeededStream(trainer.Seed, StreamPurpose.ValidationBatch, block);
                batch.Clear();
                for (var i = 0; i < shardRows; i++) batch.Add(rows[Math.Min(block + i, total - 1) / ValidationMasks], random);
                if (block + shardRows > total) batch.Mute(total - block);
                sum += Loss().item<float>();
            }

            return sum / total;
        }

        public void Dispose()
        {
            columnSums.Dispose();
            noise.Dispose();
            network.Dispose();
        }

        /// <summary>Weighted negative log-likelihood, summed over the batch.</summary>
        /// <param name="keep">Makes masks for dropout; null drops nothing.</param>
        private Tensor Loss(Func<long[], Tensor>? keep = null)
        {
            var tokens = trainer.Tokens;
            Tensor At<T>(T[] values, params long[] size)
                where T : unmanaged => from_array(values, device: trainer.Device).view(size);
            var h = network.Embed(
                At(batch.Tokens, -1), At(batch.Offsets, -1), tokens.Features > 0 ? At(batch.Features, shardRows, tokens.Features) : null);
            var z = network.Trunk(h, keep);

            // log-sum-exp by column.
            var logits = network.CoarseLogits(z);
            var top = logits.detach().amax([1], keepdim: true);
            var logNormaliser = columnSums.Of(logits.add(top, Scalars.MinusOne).exp()).add(Scalars.Tiny, Scalars.One).log().add(top, Scalars.One);
            var chosen = logits.gather(1, At(batch.Targets, shardRows, tokens.Count));
            var loss = (logNormaliser.add(chosen, Scalars.MinusOne) * At(batch.Weights, shardRows, tokens.Count)).sum();
            if (tokens.FineColumns.Length == 0) return loss;

            var fine = nn.functional.log_softmax(network.FineLogits(z, At(batch.FineContexts, -1)), 2);
            var fineChosen = fine.gather(2, At(batch.FineTargets, tokens.FineColumns.Length, shardRows, 1)).squeeze(2);
            return loss.add((fineChosen * At(batch.FineWeights, tokens.FineColumns.Length, shardRows)).sum(), Scalars.MinusOne);
        }
    }

    private TokenLayout Tokens => shape.Tokens;

    private IEncodedRows Rows => rows;

    private EpochOrder Order => order;

    private int[] HeldBackRows => heldBackRows;

    private int BatchRows => batches.BatchRows;

    private int ShardRows => batches.BatchRows / batches.Shards;

    private double Dropout => batches.Dropout;

    private long Seed => batches.Seed;

    private TorchSharp.torch.Device Device => device;
}
