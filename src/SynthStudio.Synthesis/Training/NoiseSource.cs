using SynthStudio.Synthesis.Randomness;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.Training;

/// <summary>
/// Random tensors, made on the device, that follow from a seed, a purpose and an index only; so nothing but the step number has to be kept
/// to resume. Used by one thread at a time.
/// </summary>
internal sealed class NoiseSource(TorchSharp.torch.Device device) : IDisposable
{
    private readonly Generator generator = new(0, device);

    /// <summary>Begins the stream named by a seed, a purpose and an index.</summary>
    public void Begin(long seed, StreamPurpose purpose, long index) =>
        generator.manual_seed((long)(new SeededStream(seed, purpose, index).NextBits() >> 1));

    /// <summary>Standard normal.</summary>
    public Tensor Normal(params long[] size) => randn(size, device: device, generator: generator);

    /// <summary>Uniform in [0, 1).</summary>
    public Tensor Uniform(params long[] size) => rand(size, device: device, generator: generator);

    /// <summary>Standard Gumbel: the largest of logits plus these is a draw from their softmax.</summary>
    public Tensor Gumbel(params long[] size) => empty(size, device: device).exponential_(1, generator).log_().neg_();

    /// <summary>For inverted dropout: 0 with probability <paramref name="dropped"/>, else 1 / (1 - dropped).</summary>
    public Tensor Keep(double dropped, params long[] size) => Uniform(size).ge(dropped).to(ScalarType.Float32).div_(1 - dropped);

    public void Dispose() => generator.Dispose();
}
