using SynthStudio.Synthesis.Training;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.DpSgd;

/// <summary>
/// Lets the one training loop train a network of records privately: it computes the batch that the loop drew, in micro-batches of a fixed largest size,
/// clips every record and checks that no parameter escapes. Losses are not told: they are as private as the records.
/// </summary>
/// <param name="layout">The parameters, all in one group.</param>
/// <param name="initial">Their starting values, which may depend on public facts and paid-for ones only.</param>
/// <param name="shards">Parts of a batch that are computed side by side.</param>
/// <param name="batch">The records of the step.</param>
/// <param name="recordNorm">What each record's gradient is clipped to.</param>
/// <param name="bind">Makes the network, one for each thread.</param>
internal sealed class PrivateTrainable(
    ParameterLayout layout, float[] initial, int shards, PoissonBatch batch, double recordNorm, Func<IRecordNetwork> bind) : ITrainable
{
    /// <summary>Rows that are computed together. Memory follows from it, whatever the size of the batch; more do not go faster.</summary>
    public const int MicroBatch = 1_024;

    public ParameterLayout Parameters => layout;

    public int Shards => shards;

    public float[] InitialParameters() => initial;

    public IBoundNetwork Bind(ParameterSet parameters) => new Bound(layout, group: 0, batch, recordNorm, parameters, bind());

    /// <summary>A network of records on one thread, for whatever trains it among others.</summary>
    public sealed class Bound(ParameterLayout layout, int group, PoissonBatch batch, double recordNorm, ParameterSet parameters, IRecordNetwork network)
        : IBoundNetwork
    {
        private readonly ClippedSum clipped = new(recordNorm);
        private readonly TappedLayers layers = new(parameters, network.Passes);
        private readonly int microRecords = Math.Max(MicroBatch / network.Passes, 1);

        public double Accumulate(long step, int phase, int shard)
        {
            for (var records = batch.Shard(shard); records.Length > 0; records = records[Math.Min(microRecords, records.Length)..])
            {
                using var scope = NewDisposeScope();
                layers.Clear();
                var loss = network.Loss(records[..Math.Min(microRecords, records.Length)], layers);
                ParameterCoverage.Demand(layout, group, layers.Covered);
                clipped.Add(loss, layers);
            }

            return 0;
        }

        public double Validate(int shard) => throw new NotSupportedException("A private training holds no rows back.");

        public void Dispose() => network.Dispose();
    }
}
