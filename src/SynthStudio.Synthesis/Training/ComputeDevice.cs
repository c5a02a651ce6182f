using System.Runtime.ExceptionServices;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.Training;

/// <summary>Where to compute, and on how many threads.</summary>
/// <param name="Torch">The device of the tensors.</param>
/// <param name="Threads">Threads that work side by side, each on its own part.</param>
internal sealed record ComputeDevice(TorchSharp.torch.Device Torch, int Threads)
{
    public bool IsCpu => Torch.type == TorchSharp.DeviceType.CPU;

    /// <summary>Name for logs and metrics, for example <c>cuda:0</c>.</summary>
    public string Name => IsCpu ? "cpu" : $"cuda:{Math.Max(Torch.index, 0)}";

    /// <summary>
    /// Resolves a choice. One libtorch thread per thread of ours: parts of a batch side by side scale better than the parts of one
    /// small operation, do not spin when cores are shared, and give the same bits on any number of threads.
    /// </summary>
    /// <param name="device">The choice.</param>
    /// <param name="threads">0 means one a core.</param>
    /// <exception cref="SynthesisException">There is no such device here.</exception>
    public static ComputeDevice Resolve(SynthStudio.Synthesis.Device device, int threads)
    {
        var cuda = device != SynthStudio.Synthesis.Device.Cpu && CudaIsAvailable();
        if (device == SynthStudio.Synthesis.Device.Cuda && !cuda)
            throw new SynthesisException(SynthesisError.DeviceUnavailable, "No CUDA device can be used here: choose device cpu or auto.", "device");
        set_num_threads(1);
        return new ComputeDevice(cuda ? TorchSharp.torch.CUDA : TorchSharp.torch.CPU, cuda ? 1 : threads > 0 ? threads : Environment.ProcessorCount);
    }

    /// <summary>Runs the parts 0 .. <paramref name="parts"/> - 1 on this device's threads.</summary>
    /// <returns>The results in order.</returns>
    public double[] Run(int parts, Func<int, double> part)
    {
        var results = new double[parts];
        if (Threads == 1 || parts == 1)
        {
            for (var i = 0; i < parts; i++) results[i] = part(i);
        }
        else
        {
            try
            {
                Parallel.For(0, parts, new ParallelOptions { MaxDegreeOfParallelism = Threads }, i => results[i] = part(i));
            }
            catch (AggregateException error)
            {
                ExceptionDispatchInfo.Throw(error.InnerExceptions[0]);
            }
        }

        return results;
    }

    private static bool CudaIsAvailable() => TorchSharp.torch.cuda.is_available();
}
