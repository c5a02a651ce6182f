using SynthStudio.Synthesis;
using TorchSharp;

namespace SynthStudio.Worker.Jobs;

/// <summary>Devices as orders and answers name them.</summary>
internal static class Devices
{
    public const string Cpu = "cpu";

    /// <exception cref="SynthesisException">There is no device of that name.</exception>
    public static Device Parse(string name) => name switch
    {
        "" or "auto" => Device.Auto,
        Cpu => Device.Cpu,
        "cuda" => Device.Cuda,
        _ => throw new SynthesisException(SynthesisError.DeviceUnavailable, $"There is no device '{name}': choose auto, cpu or cuda.", "device"),
    };

    /// <summary>Loads libtorch, which takes a while: done while a worker that was started ahead waits.</summary>
    public static void Prepare()
    {
        using var first = torch.zeros(1);
    }

    /// <summary>What <paramref name="device"/> comes to on this machine: <c>cpu</c> or <c>cuda:0</c>.</summary>
    public static string Resolve(Device device) => device != Device.Cpu && torch.cuda.is_available() ? "cuda:0" : Cpu;
}
