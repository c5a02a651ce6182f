using System.Text.RegularExpressions;
using OtpNet;

namespace SynthStudio.Api.Tests.Accounts;

/// <summary>Somebody with an account, signed in.</summary>
public sealed record Person(string Email, string Password, V1.SessionTokens Tokens)
{
    public string User => Tokens.User;

    public string Account => $"{Tokens.User}/account";
}

/// <summary>A test with people who register, read their mails and sign in.</summary>
public abstract partial class PeopleTest : ApiTest
{
    protected const string Password = "four words of no sense";

    protected static string NewEmail() => $"p{Guid.NewGuid():N}@example.org";

    /// <summary>Somebody who registered.</summary>
    protected async Task<Person> RegisterAsync(string displayName = "Ada")
    {
        using var anonymous = Server.Client(null);
        var email = NewEmail();
        await anonymous.Accounts.StartRegistrationAsync(new() { Email = email });
        var token = TokenIn(await MailToAsync(email));
        var tokens = await anonymous.Accounts.CompleteRegistrationAsync(new() { Token = token, DisplayName = displayName, Password = Password });
        return new Person(email, Password, tokens);
    }

    /// <summary>The newest mail to an address, of so many.</summary>
    protected async Task<string> MailToAsync(string email, int count = 1)
    {
        var mails = await EventuallyAsync(() => Task.FromResult(MailsTo(email)), found => found.Count >= count);
        Assert.HasCount(count, mails);
        return mails[^1];
    }

    /// <summary>All mails to an address, oldest first.</summary>
    protected List<string> MailsTo(string email) => Directory.Exists(Server.Mails)
        ?
        [
            .. Directory.EnumerateFiles(Server.Mails, "*.eml").Order(StringComparer.Ordinal).Select(File.ReadAllText)
                .Where(mail => mail.Contains($"To: {email}", StringComparison.Ordinal)),
        ]
        : [];

    /// <summary>The token that a mail brings; its lines may be folded.</summary>
    protected static string TokenIn(string mail) => Token().Match(mail.Replace("=\r\n", "", StringComparison.Ordinal)).Value;

    protected async Task<V1.SessionTokens> SignInAsync(string email, string password, string code = "")
    {
        using var client = Server.Client(null);
        return await client.Accounts.SignInAsync(new() { Email = email, Password = password, SecondFactor = code });
    }

    /// <summary>Sets up a second factor; answers its recovery codes.</summary>
    protected static async Task<IReadOnlyList<string>> SecondFactorAsync(ApiClient client, Person person)
    {
        var started = await client.Accounts.StartSecondFactorAsync(new() { Name = person.Account, Password = person.Password });
        var code = new Totp(Base32Encoding.ToBytes(started.Secret)).ComputeTotp(TimeProvider.System.GetUtcNow().UtcDateTime);
        return (await client.Accounts.ConfirmSecondFactorAsync(new() { Name = person.Account, Code = code })).Codes;
    }

    /// <summary>Changes the database directly.</summary>
    protected async Task<int> ExecuteAsync(string statement)
    {
        await using var connection = await Server.Get<Catalog.SqliteDataSource>().OpenConnectionAsync(Cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = statement;
        return await command.ExecuteNonQueryAsync(Cancellation);
    }

    [GeneratedRegex("sm_[A-Za-z0-9_-]{43}")]
    private static partial Regex Token();
}
