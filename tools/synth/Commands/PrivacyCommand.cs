using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using SynthStudio.Cli.Outcome;
using SynthStudio.Privacy;
using SynthStudio.Privacy.Calibration;
using SynthStudio.Privacy.Events;

namespace SynthStudio.Cli.Commands;

/// <summary>
/// <c>synth privacy</c>: what noise promises, and what noise a promise needs, computed here without a server; and what a server accounts for
/// (<see cref="PrivacyServerCommands"/>).
/// </summary>
internal sealed class PrivacyCommand
{
    private readonly Option<double> noise = new("--noise-multiplier") { Description = "Standard deviation of the noise over the clipping norm.", Required = true, HelpName = "S" };
    private readonly Option<double> rate = new("--sample-rate") { Description = "Probability of a record to be in a step's batch (Poisson sampling).", Required = true, HelpName = "Q" };
    private readonly Option<long> steps = new("--steps") { Description = "Number of steps.", Required = true, HelpName = "T" };
    private readonly Option<double> delta = new("--delta") { Description = "Probability that the promise may fail; well below 1 over the number of people.", Required = true, HelpName = "D" };
    private readonly Option<double> epsilon = new("--epsilon") { Description = "The promise to keep.", Required = true, HelpName = "E" };
    private readonly Option<string> accountant = new("--accountant")
    {
        Description = $"Who proves it: {string.Join(", ", Accountants.All.Select(a => a.Name))}.", DefaultValueFactory = _ => Accountants.Default, HelpName = "NAME",
    };

    private readonly Argument<FileInfo> events = new("EVENTS") { Description = "JSON list of events, for example [{\"type\": \"gaussian\", \"noise_multiplier\": 10, \"count\": 14}]." };
    private readonly Option<bool> json = new("--json") { Description = "Print the answer as JSON." };

    public Command Create()
    {
        var command = Arithmetic();
        foreach (var each in new PrivacyServerCommands().Create()) command.Subcommands.Add(each);
        return command;
    }

    private Command Arithmetic() => new("privacy", "Account for differential privacy: of noise, of data sets, of generators.")
    {
        new Command("epsilon", "Epsilon of steps of Poisson-sampled Gaussian noise.") { noise, rate, steps, delta, accountant, json }.Does(EpsilonAsync),
        new Command("calibrate", "The smallest noise multiplier that keeps an epsilon.") { epsilon, delta, rate, steps, accountant, json }.Does(CalibrateAsync),
        new Command("compose", "Epsilon of several releases on the same data.") { events, delta, accountant, json }.Does(ComposeAsync),
    };

    private Task EpsilonAsync(ParseResult parse, CancellationToken cancellation) => AnswerAsync(parse, who =>
        ("epsilon", who.Epsilon(Steps(parse, parse.GetValue(noise)), parse.GetValue(delta))));

    private Task CalibrateAsync(ParseResult parse, CancellationToken cancellation) => AnswerAsync(parse, who =>
        ("noise_multiplier", NoiseCalibration.NoiseMultiplier(sigma => Steps(parse, sigma), who, parse.GetValue(epsilon), parse.GetValue(delta))));

    private Task ComposeAsync(ParseResult parse, CancellationToken cancellation) => AnswerAsync(parse, who =>
        ("epsilon", who.Epsilon(PrivacyEventJson.Parse(File.ReadAllText(InputFiles.Table("EVENTS", parse.GetRequiredValue(events)).FullName)), parse.GetValue(delta))));

    private RepeatedEvent Steps(ParseResult parse, double sigma) =>
        new PoissonSampledEvent(parse.GetValue(rate), new GaussianEvent(sigma)).Times(parse.GetValue(steps));

    private Task AnswerAsync(ParseResult parse, Func<IPrivacyAccountant, (string Name, double Value)> compute)
    {
        try
        {
            var who = Accountants.Get(parse.GetValue(accountant)!);
            var (name, value) = compute(who);
            Console.WriteLine(parse.GetValue(json)
                ? JsonSerializer.Serialize(new Dictionary<string, object> { [name] = value, ["delta"] = parse.GetValue(delta), ["accountant"] = who.Name }, Plain)
                : string.Create(CultureInfo.InvariantCulture, $"{name} {value:G10} at delta {parse.GetValue(delta)} (accountant {who.Name})"));
            return Task.CompletedTask;
        }
        catch (PrivacyException exception)
        {
            throw new BadInputException(exception.Message);
        }
    }

    /// <summary>An epsilon can be infinite, which JSON has no number for.</summary>
    private static readonly JsonSerializerOptions Plain = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };
}
