using SynthStudio.Compute;

namespace SynthStudio.Orchestration.Tests;

/// <summary>Memory of GPUs, on a machine without any.</summary>
[TestClass]
public sealed class GpuMemoryTests
{
    [TestMethod]
    [DataRow("no-such-library")]
    [DataRow("libc.so.6")] // is there, and knows nothing of GPUs
    public void Without_the_drivers_library_there_are_no_figures(string library) => Assert.IsEmpty(new GpuMemoryReader(library).Read());
}
