using System.Reflection;
using SynthStudio.Synthesis;
using TorchSharp;

namespace SynthStudio.Worker.Jobs;

/// <summary>Devices as orders and answers name them.</summary>
internal static class Devices
{
    public const string Cpu = "cpu";
    public const string Cuda = "cuda";

    /// <summary>What this worker's libtorch is built for (<c>-p:TorchBackend</c>).</summary>
    private static string Backend { get; } = typeof(Devices).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(m => m.Key == "TorchBackend")?.Value ?? Cpu;

    /// <exception cref="SynthesisException">There is no device of that name.</exception>
    public static Device Parse(string name) => name switch
    {
        "" or "auto" => Device.Auto,
        Cpu => Device.Cpu,
        Cuda => Device.Cuda,
        _ => throw new SynthesisException(SynthesisError.DeviceUnavailable, $"There is no device '{name}': choose auto, cpu or cuda.", "device"),
    };

    /// <summary>Loads libtorch, which takes a while: done while a worker that was started ahead waits.</summary>
    public static void Prepare()
    {
        using var first = torch.zeros(1);
    }

    /// <summary>What a worker on this machine can compute on, each GPU by its number. Loads libtorch only where that is built for more than the CPU.</summary>
    public static IReadOnlyList<string> Seen() => Backend == Cuda && torch.cuda.is_available()
        ? [Cpu, .. Enumerable.Range(0, torch.cuda.device_count()).Select(i => $"{Cuda}:{i}")]
        : [Cpu];

    /// <summary>What <paramref name="device"/> comes to on this machine: <c>cpu</c> or <c>cuda:0</c>.</summary>
    public static string Resolve(Device device) => device != Device.Cpu && MayHaveCuda() && torch.cuda.is_available() ? "cuda:0" : Cpu;

    /// <summary>Whether there may be a GPU: where there is surely none, drawing rows need not wait for libtorch.</summary>
    private static bool MayHaveCuda() =>
        !OperatingSystem.IsLinux() || File.Exists("/proc/driver/nvidia/version") || File.Exists("/dev/nvidiactl") || File.Exists("/dev/dxg");
}
