using SynthStudio.Hosting;

namespace SynthStudio.Testing.Servers;

public static class Ports
{
    /// <inheritdoc cref="FreePort.Find"/>
    public static int FindFree() => FreePort.Find();
}
