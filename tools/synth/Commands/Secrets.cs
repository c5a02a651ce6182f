using System.Text;
using SynthStudio.Cli.Outcome;

namespace SynthStudio.Cli.Commands;

/// <summary>Asks for what must not be on a command line, where other users of the machine and the shell's history see it.</summary>
internal static class Secrets
{
    /// <summary>A secret from the keyboard, without echo; from a pipe, its next line.</summary>
    /// <exception cref="BadInputException">There is none.</exception>
    public static string Ask(string what)
    {
        var answer = Console.IsInputRedirected ? Console.In.ReadLine() : ReadKeys(what);
        return answer is { Length: > 0 } ? answer : throw new BadInputException($"No {what} was given.");
    }

    /// <summary>A new password, twice from the keyboard.</summary>
    public static string AskNewPassword()
    {
        var password = Ask("new password");
        return Console.IsInputRedirected || Ask("new password again") == password ? password : throw new BadInputException("The two passwords are not the same.");
    }

    private static string ReadKeys(string what)
    {
        Console.Error.Write($"{char.ToUpperInvariant(what[0])}{what[1..]}: ");
        var text = new StringBuilder();
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            switch (key.Key)
            {
                case ConsoleKey.Enter:
                    Console.Error.WriteLine();
                    return text.ToString();
                case ConsoleKey.Backspace when text.Length > 0:
                    text.Length--;
                    break;
                default:
                    if (!char.IsControl(key.KeyChar))
                    {
                        text.Append(key.KeyChar);
                    }

                    break;
            }
        }
    }
}
