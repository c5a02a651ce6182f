using SynthStudio.Synthesis.DpSgd;
using SynthStudio.Synthesis.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace SynthStudio.Bench.PrivateStep;

/// <summary>Trains a network of records the ordinary way, on the same batches and in the same parts as <see cref="PrivateTrainable"/> does.</summary>
internal sealed class PlainTrainable(ParameterLayout layout, float[] initial, int shards, PoissonBatch batch, Func<IRecordNetwork> bind) : ITrainable
{
    public ParameterLayout Parameters => layout;

    public int Shards => shards;

    public float[] InitialParameters() => initial;

    public IBoundNetwork Bind(ParameterSet parameters) => new Bound(batch, new PlainLayers(parameters), bind());

    private sealed class Bound(PoissonBatch batch, PlainLayers layers, IRecordNetwork network) : IBoundNetwork
    {
        private readonly int microRecords = Math.Max(PrivateTrainable.MicroBatch / network.Passes, 1);

        public double Accumulate(long step, int phase, int shard)
        {
            double sum = 0;
            for (var records = batch.Shard(shard); records.Length > 0; records = records[Math.Min(microRecords, records.Length)..])
            {
                using var scope = NewDisposeScope();
                using Scalar share = 1.0 / batch.Records.Length;
                var loss = network.Loss(records[..Math.Min(microRecords, records.Length)], layers).mul(share);
                loss.backward();
                sum += loss.item<float>();
            }

            return sum;
        }

        public double Validate(int shard) => 0;

        public void Dispose() => network.Dispose();
    }
}
