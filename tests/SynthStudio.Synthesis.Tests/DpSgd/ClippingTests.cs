using SynthStudio.Synthesis.DpSgd;
using SynthStudio.Synthesis.Training;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.Tests.DpSgd;

/// <summary>Clipped sums by ghost norms against the plain way: one record, one backward pass.</summary>
[TestClass]
public sealed class ClippingTests
{
    private const int Records = 37;

    private static readonly int[] All = [.. Enumerable.Range(0, Records)];

    [TestMethod]
    [DataRow(1e-3, 1)]
    [DataRow(2.0, 1)]
    [DataRow(1e6, 1)]
    [DataRow(2.0, 2)]
    [DataRow(20.0, 5)]
    public void Sums_of_clipped_gradients_are_those_of_a_loop_over_records(double clipNorm, int passes)
    {
        using var network = new ToyNetwork(Records, passes);
        for (var i = 0; i < Records; i++) network.Scales[i] = MathF.Pow(10, i % 5 - 2);

        IsClose(Naive(network, clipNorm), Ghost(network, clipNorm, All));
    }

    [TestMethod]
    public void Micro_batches_add_up_to_the_batch()
    {
        using var network = new ToyNetwork(Records);

        IsClose(Naive(network, 0.5), Ghost(network, 0.5, All[..5], All[5..6], All[6..]));
    }

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    public void A_record_whose_gradient_is_not_finite_counts_as_absent(float scale)
    {
        using var network = new ToyNetwork(Records);
        network.Scales[7] = scale;
        var without = Ghost(network, 0.5, [.. All.Where(record => record != 7)]);

        IsClose(without, Ghost(network, 0.5, All));
    }

    [TestMethod]
    public void No_record_moves_the_sum_by_more_than_the_clipping_norm()
    {
        using var network = new ToyNetwork(Records);
        Array.Fill(network.Scales, 1e4f);
        var whole = Ghost(network, 0.25, All);
        foreach (var record in All)
        {
            var without = Ghost(network, 0.25, [.. All.Where(other => other != record)]);
            Assert.AreEqual(0.25, Norm([.. whole.Zip(without, (a, b) => a - b)]), 1e-5);
        }
    }

    [TestMethod]
    public void A_parameter_that_no_clipped_layer_uses_stops_the_training()
    {
        using var network = new ToyNetwork(Records) { Forgotten = "bias" };
        var error = Assert.ThrowsExactly<SynthesisException>(() => Train(network));
        Assert.AreEqual(SynthesisError.NotPrivate, error.Error);
        Assert.AreEqual("bias", error.Subject);
    }

    [TestMethod]
    public void A_parameter_of_two_layers_stops_the_training()
    {
        using var network = new ToyNetwork(Records) { Tied = true };
        var error = Assert.ThrowsExactly<SynthesisException>(() => Train(network));
        Assert.AreEqual(SynthesisError.NotPrivate, error.Error);
        Assert.AreEqual("hidden.weight", error.Subject);
    }

    /// <summary>The published example of the ghost norm's formulas: a linear layer, a bias, and an embedding that names one id twice.</summary>
    [TestMethod]
    public void Embeddings_named_twice_count_with_their_sum()
    {
        CollectionAssert.AreEqual(new float[] { 5, 0, 1 }, EmbeddingTap.Overlaps([5, 2, 5, 3], [0, 3, 3], 1));
        CollectionAssert.AreEqual(new float[] { 2, 1, 1, 2 }, EmbeddingTap.Overlaps([5, 2, 2, 7], [0, 2], 2));
        CollectionAssert.AreEqual(new float[] { 5, 2, 2, 1 }, EmbeddingTap.Overlaps([5, 2, 5, 5], [0, 3], 2));
    }

    private static void Train(ToyNetwork network)
    {
        var batch = new PoissonBatch(Records, 1, _ => All);
        batch.Draw();
        var trainable = new PrivateTrainable(ToyNetwork.Layout, ToyNetwork.Initial(), 1, batch, 1, () => network);
        using var parameters = new ParameterSet(ToyNetwork.Layout, tensor(ToyNetwork.Initial()), trainable: true);
        using var bound = trainable.Bind(parameters);
        bound.Accumulate(0, 0, 0);
    }

    private static float[] Ghost(ToyNetwork network, double clipNorm, params int[][] microBatches)
    {
        using var scope = NewDisposeScope();
        using var parameters = new ParameterSet(ToyNetwork.Layout, tensor(ToyNetwork.Initial()), trainable: true);
        var clipped = new ClippedSum(clipNorm);
        var layers = new TappedLayers(parameters, network.Passes);
        foreach (var records in microBatches)
        {
            layers.Clear();
            clipped.Add(network.Loss(records, layers), layers);
        }

        return parameters.Gradient!.data<float>().ToArray();
    }

    private static float[] Naive(ToyNetwork network, double clipNorm)
    {
        var sum = new double[ToyNetwork.Layout.Count];
        foreach (var record in All)
        {
            using var scope = NewDisposeScope();
            using var parameters = new ParameterSet(ToyNetwork.Layout, tensor(ToyNetwork.Initial()), trainable: true);
            network.OrdinaryLoss([record], parameters).backward();
            var gradient = parameters.Gradient!.data<float>().ToArray();
            var factor = Math.Min(1, clipNorm / (Norm(gradient) + 1e-6));
            for (var i = 0; i < sum.Length; i++) sum[i] += factor * gradient[i];
        }

        return [.. sum.Select(x => (float)x)];
    }

    private static void IsClose(float[] expected, float[] actual) =>
        Assert.IsLessThan(1e-5 * Norm(expected), Norm([.. expected.Zip(actual, (e, a) => e - a)]));

    private static double Norm(float[] vector) => Math.Sqrt(vector.Sum(x => (double)x * x));
}
