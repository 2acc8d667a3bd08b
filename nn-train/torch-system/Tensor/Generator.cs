// SPDX-License-Identifier: Apache-2.0
using TorchSharp.Interop;
using static TorchSharp.Interop.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A stream of random numbers: PyTorch's CPU generator (Mersenne Twister 19937).</summary>
    public class Generator : IDisposable
    {
        private readonly GeneratorHandle handle;

        public Generator(ulong seed = 0, Device? device = null)
        {
            Check(ts_generator_new(seed, out handle));
        }

        private Generator(GeneratorHandle handle) => this.handle = handle;

        /// <summary>The generator that is used where none is given.</summary>
        public static Generator Default
        {
            get
            {
                Check(ts_generator_default(out var handle));
                return new Generator(handle);
            }
        }

        public Device device => CPU;

        public long initial_seed()
        {
            Check(ts_generator_initial_seed(handle, out var seed));
            return seed;
        }

        public Generator manual_seed(long seed)
        {
            Check(ts_generator_manual_seed(handle, seed));
            return this;
        }

        /// <summary>The whole state as bytes; with <see cref="set_state"/> the stream goes on where it was.</summary>
        public Tensor get_state() => Tensor.Result(ts_generator_get_state(handle, out var r), r);

        public void set_state(Tensor value) => Check(ts_generator_set_state(handle, value.handle));

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing) => handle.Dispose();

        internal static GeneratorHandle HandleOf(Generator? generator) => generator?.handle ?? GeneratorHandle.None;
    }

    /// <summary>Restarts the default generator, which initialisation, shuffling and noise draw from.</summary>
    public static Generator manual_seed(long seed)
    {
        Check(ts_manual_seed(seed));
        return Generator.Default;
    }

    public static Tensor get_rng_state()
    {
        using var generator = Generator.Default;
        return generator.get_state();
    }

    public static void set_rng_state(Tensor new_state)
    {
        using var generator = Generator.Default;
        generator.set_state(new_state);
    }

    public static class random
    {
        public static Generator manual_seed(long seed) => torch.manual_seed(seed);

        public static Tensor get_rng_state() => torch.get_rng_state();

        public static void set_rng_state(Tensor new_state) => torch.set_rng_state(new_state);
    }
}
