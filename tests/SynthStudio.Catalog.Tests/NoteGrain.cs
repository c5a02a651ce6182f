namespace SynthStudio.Catalog.Tests;

/// <summary>A grain with a state and a reminder.</summary>
public interface INoteGrain : IGrainWithStringKey
{
    Task<string?> ReadAsync();

    /// <summary>Stores the text and answers the state's etag.</summary>
    Task<string> WriteAsync(string text);

    Task ClearAsync();

    Task RemindAsync(string name);

    Task ForgetAsync(string name);

    Task<List<string>> RemindersAsync();

    Task<int> TicksAsync();
}

[GenerateSerializer]
public sealed record Note
{
    [Id(0)] public string? Text { get; set; }
}

public sealed class NoteGrain([PersistentState("note")] IPersistentState<Note> note) : Grain, INoteGrain, IRemindable
{
    private int _ticks;

    public Task<string?> ReadAsync() => Task.FromResult(note.RecordExists ? note.State.Text : null);

    public async Task<string> WriteAsync(string text)
    {
        note.State.Text = text;
        await note.WriteStateAsync();
        return note.Etag!;
    }

    public Task ClearAsync() => note.ClearStateAsync();

    public Task RemindAsync(string name) => this.RegisterOrUpdateReminder(name, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

    public async Task ForgetAsync(string name) => await this.UnregisterReminder((await this.GetReminder(name))!);

    public async Task<List<string>> RemindersAsync() => [.. (await this.GetReminders()).Select(r => r.ReminderName)];

    public Task<int> TicksAsync() => Task.FromResult(_ticks);

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        _ticks++;
        return Task.CompletedTask;
    }
}
