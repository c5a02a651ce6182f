using System.CommandLine;
using SynthStudio.Cli;
using SynthStudio.Cli.Outcome;

var parse = CommandTree.Create(TimeProvider.System).Parse(args);
if (parse.Errors.Count > 0)
{
    foreach (var error in parse.Errors)
    {
        Console.Error.WriteLine("synth: " + ParseMessages.Describe(error));
    }

    Console.Error.WriteLine("synth: try --help.");
    return ExitCode.BadInput;
}

return await parse.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
