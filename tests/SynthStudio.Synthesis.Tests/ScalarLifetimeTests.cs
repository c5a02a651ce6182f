using static TorchSharp.torch;

namespace SynthStudio.Synthesis.Tests;

[TestClass]
public sealed class ScalarLifetimeTests
{
    /// <summary>
    /// TorchSharp makes an object for the number in <c>a + b</c> (its alpha) and in <c>a + 1</c>. When optimised, its code lets go of that object
    /// before libtorch has read it, and a garbage collection in between frees it: see Natives/KeepArguments.targets.
    /// </summary>
    [TestMethod]
    public void Numbers_in_operations_outlive_garbage_collections()
    {
        using var ended = new ManualResetEventSlim();
        var collector = new Thread(() =>
        {
            while (!ended.IsSet)
            {
                GC.Collect(0);
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        try
        {
            Parallel.For(0, 4, _ =>
            {
                using var a = ones(32, 32);
                using var b = ones(32, 32);
                for (var i = 0; i < 8_000; i++)
                {
                    using var sum = a + b;
                    using var more = sum + 0.5f;
                    using var less = more - b;
                }
            });
        }
        finally
        {
            ended.Set();
            collector.Join();
        }
    }
}
