using System.CommandLine;
using SynthStudio.Cli.Outcome;
using SynthStudio.Hosting;

namespace SynthStudio.Cli.Commands;

/// <summary><c>synth config</c>: what can be set for the server host, and what a configuration comes to before it is used.</summary>
internal sealed class ConfigCommand
{
    private const string DefaultFile = "appsettings.json";

    private readonly Option<FileInfo?> file = new("--file") { Description = $"Settings file; without, {DefaultFile} in the current folder, if it is there.", HelpName = "FILE" };

    private readonly Option<string[]> set = new("--set")
    {
        Description = "A setting as on the host's command line, for example SynthStudio:GrpcPort=5080. May be repeated.", HelpName = "NAME=VALUE", DefaultValueFactory = _ => [],
    };

    private readonly Option<bool> all = new("--all") { Description = "Show settings that have their defaults too." };
    private readonly Option<bool> markdown = new("--markdown") { Description = "Write the document of all settings instead." };

    public Command Create() => new("config", "Show what can be set for the server host, and check a configuration.")
    {
        new Command("check", "Read a configuration as the host does (file, environment, --set), show what it comes to, and what is wrong with it; ends with 2 when the host would not start.")
        {
            file, set, all,
        }.Does(CheckAsync),
        new Command("list", "List every setting with its default.") { markdown }.Does(ListAsync),
    };

    private Task CheckAsync(ParseResult parse, CancellationToken cancellation)
    {
        var settings = Read(parse);
        if (HostCommands.CheckConfiguration(settings, parse.GetValue(all), Console.Out) is var errors and > 0)
            throw new BadInputException($"The host would not start: {errors} {(errors == 1 ? "setting is" : "settings are")} wrong.");
        return Task.CompletedTask;
    }

    private Task ListAsync(ParseResult parse, CancellationToken cancellation)
    {
        if (parse.GetValue(markdown))
        {
            Console.Write(SettingsDocument.Write());
            return Task.CompletedTask;
        }

        var table = new TextTable("SETTING", "DEFAULT", "ALLOWED");
        foreach (var setting in Setting.All) table.Add(setting.Name, setting.Default, setting.IsSecret ? $"secret; also {setting.Name}File" : setting.Allowed);
        Console.WriteLine(table);
        return Task.CompletedTask;
    }

    private IConfigurationRoot Read(ParseResult parse)
    {
        var named = parse.GetValue(file);
        if (named is { Exists: false }) throw new BadInputException($"--file: there is no file {named}.");
        var wrong = parse.GetValue(set)!.FirstOrDefault(pair => !pair.Contains('=', StringComparison.Ordinal));
        if (wrong is not null) throw new BadInputException($"--set {wrong}: say NAME=VALUE.");
        try
        {
            return new ConfigurationBuilder()
                .SetBasePath(Environment.CurrentDirectory)
                .AddJsonFile(named?.FullName ?? DefaultFile, optional: named is null)
                .AddEnvironmentVariables()
                .AddCommandLine([.. parse.GetValue(set)!.Select(pair => "--" + pair)])
                .Build();
        }
        catch (InvalidDataException e)
        {
            throw new BadInputException($"{named?.Name ?? DefaultFile} cannot be read: {e.InnerException?.Message ?? e.Message}");
        }
    }
}
