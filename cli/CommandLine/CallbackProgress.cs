// SPDX-License-Identifier: Apache-2.0
namespace Cli.CommandLine;

/// <summary>Calls back at once, on the reporting thread.</summary>
public sealed class CallbackProgress<T>(Action<T> callback) : IProgress<T>
{
    /// <inheritdoc/>
    public void Report(T value) => callback(value);
}
