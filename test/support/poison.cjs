// Memory for output is overwritten when nobody holds it any more, here and in servers that a suite starts: who reads it
// after its release reads nonsense, and the suite fails. EXEC_SERVER_MEMORY=reuse tests what users have.
process.env.EXEC_SERVER_MEMORY ??= 'poison';
