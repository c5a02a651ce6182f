using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SynthStudio.Worker.Running;

/// <summary>Keeps standard output to the protocol alone: native libraries print there too.</summary>
internal static partial class StandardStreams
{
    private const int StandardOutput = 1;
    private const int StandardError = 2;

    /// <summary>The real standard input and output. Afterwards the descriptor 1 and <see cref="Console.Out"/> mean standard error.</summary>
    public static (Stream Input, Stream Output) TakeForProtocol()
    {
        var output = OperatingSystem.IsWindows() ? Console.OpenStandardOutput() : DuplicateStandardOutput();
        Console.SetOut(Console.Error);
        return (Console.OpenStandardInput(), output);
    }

    private static FileStream DuplicateStandardOutput()
    {
        var copy = Dup(StandardOutput);
        if (copy < 0 || Dup2(StandardError, StandardOutput) < 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        return new FileStream(new SafeFileHandle(copy, ownsHandle: true), FileAccess.Write, bufferSize: 0);
    }

    [LibraryImport("libc", EntryPoint = "dup", SetLastError = true)]
    private static partial int Dup(int descriptor);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static partial int Dup2(int from, int to);
}
