using SynthStudio.Worker.Protocol;
using SynthStudio.Worker.V1;

namespace SynthStudio.TestWorker;

/// <summary>
/// Answers what it can do by the file <c>describe.txt</c> beside it: a method a line, one that begins with dp- trains under privacy terms;
/// no file, or an empty one, fails. <c>devices.txt</c> has a device a line.
/// </summary>
internal static class SelfDescription
{
    private static readonly string Script = Path.Combine(AppContext.BaseDirectory, "describe.txt");
    private static readonly string DeviceScript = Path.Combine(AppContext.BaseDirectory, "devices.txt");

    private static Method Describe(string name, params ReadOnlySpan<MethodOption> options)
    {
        var method = new Method { Name = name, Summary = "Scripted.", MemoryBytes = 7, MemoryBytesPerColumn = 3, MemoryBytesPerCell = 2, MostCellsInMemory = 40 };
        foreach (var option in options) method.Options.Add(option);
        if (name.StartsWith("dp-", StringComparison.Ordinal)) method.Capabilities.Add("differential_privacy");
        return method;
    }

    public static async Task<int> WriteAsync(MessageChannel<WorkerInput, WorkerOutput> channel)
    {
        // One line for each time it was asked, so that a test can count.
        await File.AppendAllTextAsync(Path.Combine(AppContext.BaseDirectory, "asked.txt"), "asked\n");
        var methods = File.Exists(Script) ? await File.ReadAllLinesAsync(Script) : [];
        if (methods.Length == 0)
        {
            await Console.Error.WriteLineAsync("no library to describe with");
            return 7;
        }

        var option = new MethodOption { Name = "width", Kind = MethodOption.Types.Kind.Integer, Least = 1, Most = 9, Allowed = "1 to 9" };
        var script = new MethodOption { Name = "script", Kind = MethodOption.Types.Kind.Text, Allowed = "any text" };
        var description = new Description { Methods = { methods.Select(name => Describe(name, option, script)) } };
        if (File.Exists(DeviceScript)) description.Devices.Add(await File.ReadAllLinesAsync(DeviceScript));
        await channel.WriteAsync(new WorkerOutput { Description = description });
        return 0;
    }
}
