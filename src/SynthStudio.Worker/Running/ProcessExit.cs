using System.Runtime.InteropServices;

namespace SynthStudio.Worker.Running;

/// <summary>Leaves without the exit handlers of native libraries, which crash or hang while their threads still compute.</summary>
internal static partial class ProcessExit
{
    /// <summary>The job ended as the protocol says.</summary>
    public const int Done = 0;

    /// <summary>The conversation broke: no order, or something that is not one.</summary>
    public const int BadConversation = 2;

    /// <summary>The silo is gone.</summary>
    public const int Orphaned = 3;

    /// <summary>Ends the process at once.</summary>
    public static void Now(int exitCode)
    {
        Console.Error.Flush();
        if (OperatingSystem.IsWindows())
        {
            Environment.Exit(exitCode);
        }

        Exit(exitCode);
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int exitCode);
}
